package loadgen

import (
	"strings"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	good := Spec{Target: "http://127.0.0.1:8080/", RateRPS: 100, Duration: Duration(time.Second)}
	for _, c := range []struct {
		name string
		spec func(*Spec)
		want string
	}{
		{"valid", func(*Spec) {}, ""},
		{"unix socket", func(s *Spec) { s.Target = "unix:/run/x.sock:/ping" }, ""},
		{"rate too low", func(s *Spec) { s.RateRPS = 1e-3 }, "rate 0.001: must be between 0.01 and 10000000 requests per second"},
		{"rate of an avalanche", func(s *Spec) { s.Kind = Avalanche }, `kind "avalanche": rate, delay and stages need a tsunami`},
		{"rate and delay", func(s *Spec) { s.Delay = Duration(time.Second) }, "set only one of"},
		{"no end", func(s *Spec) { s.Duration = 0 }, "duration: the run needs an end"},
		{"no target", func(s *Spec) { s.Target = "" }, "target: must be a URL"},
		{"another scheme", func(s *Spec) { s.Target = "ftp://x/" }, `target "ftp://x/": must be a URL`},
		{"escape in the target", func(s *Spec) { s.Target = "http://x/\x1b[2J" }, "control characters"},
		{"C1 control character in the target", func(s *Spec) { s.Target = "http://x/\u009b2J" }, "control characters"},
		{"text direction in the target", func(s *Spec) { s.Target = "http://x/\u202egnp" }, "control characters"},
		{"escape in a request's URL", func(s *Spec) { s.Requests = []Request{{Name: "a", URL: "/\x1b[2J"}} }, "control characters"},
		{"percent sign", func(s *Spec) { s.Target = "http://x/%zz" }, `target "http://x/%zz": %zz is not a valid escape (write %25 for a percent sign)`},
		{"host beyond ASCII", func(s *Spec) { s.Target = "http://bücher.example/ü" }, "the host must be ASCII"},
		{"path beyond ASCII", func(s *Spec) { s.Target = "http://x/ü" }, ""},
		{"a URL in a query", func(s *Spec) { s.Requests = []Request{{Name: "a", URL: "/login?next=ftp://b/"}} }, ""},
		{"header value that is not text", func(s *Spec) { s.Headers = map[string]string{"a": "\xe9"} }, `headers.a "(hidden)": is not valid UTF-8`},
		{"port", func(s *Spec) { s.Target = "http://x:99999/" }, "port"},
		{"connections", func(s *Spec) { s.Connections = -1 }, "connections -1: must be between 1 and 100000"},
		{"timeout", func(s *Spec) { s.Timeout = Duration(2 * time.Hour) }, "timeout 2h0m0s: must be between 1ms and 1h"},
		{"header", func(s *Spec) { s.Headers = map[string]string{"a b": "c"} }, "is not a valid header name"},
		{"header value is hidden", func(s *Spec) { s.Headers = map[string]string{"a": "c\r\nd: e"} }, `headers.a "(hidden)": is not a valid header value`},
		{"method", func(s *Spec) { s.Method = "GE T" }, "method"},
		{"endless stage", func(s *Spec) { s.RateRPS = 0; s.Stages = []Stage{{To: 1}, {To: 2, Duration: 1e9}} }, "must be set, except for the last stage"},
		{"status", func(s *Spec) { s.Expect.Statuses = []int{99} }, "expect.statuses 99"},
		{"status of four digits", func(s *Spec) { s.Expect.Statuses = []int{999, 1000} }, "expect.statuses 1000"},
		{"threshold", func(s *Spec) { s.Thresholds = []Threshold{{Expr: "p99<250"}} }, "needs a unit"},
		{"twice the same name", func(s *Spec) { s.Requests = []Request{{Name: "a"}, {Name: "a"}} }, "requests[1].name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := good
			c.spec(&s)
			err := s.WithDefaults().Validate()
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
