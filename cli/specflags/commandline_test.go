package specflags

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
)

// TestCommandLineMakesTheSpec: the command line of a spec, read by a shell and by the flags, is the same spec.
func TestCommandLineMakesTheSpec(t *testing.T) {
	seconds := func(n int) loadgen.Duration { return loadgen.Duration(time.Duration(n) * time.Second) }
	for name, spec := range map[string]loadgen.Spec{
		"avalanche": {Target: url, Duration: seconds(5), Burst: true, Connections: 3},
		"all flags": {Target: url + "?a=b&c", Method: "PUT", Headers: map[string]string{"Cookie": "a=1; b='2'", "X-A": "$HOME"}, Body: "it's", RateRPS: 0.5, Count: 7, Timeout: seconds(2),
			Patience: seconds(3), OrphanTimeout: seconds(60), Arrivals: "poisson", Streams: 4, HTTP2: true, ConnectRate: 12.5, NoKeepalive: false, Takeover: "safe", Warmup: seconds(1), Duration: seconds(90),
			TLS: loadgen.TLS{Insecure: true, ServerName: "a.example"}, Resolve: []string{"a.example:80:127.0.0.1", "b.example:80:127.0.0.1"},
			Expect: loadgen.Expect{Statuses: []int{200, 404}}, Thresholds: []loadgen.Threshold{{Expr: "p99<1s"}, {Expr: "rate>=0.4"}, {Expr: "failed<5%", Abort: true}}},
		"delay":  {Target: url, Delay: loadgen.Duration(1500 * time.Microsecond), CountPerDriver: 1_000_000},
		"proxy":  {Target: url, Duration: seconds(5), Proxy: "http://ann:k%20y@proxy.test:3128"},
		"stages": {Target: url, Stages: []loadgen.Stage{{Duration: seconds(10), To: 100}, {Duration: seconds(5), To: 0}}},
		"a file": {Target: url, Name: "checkout", RateRPS: 10, Duration: seconds(5), Requests: []loadgen.Request{{Name: "a", Body: "x\ny"}, {Name: "b", Weight: 3}}},
	} {
		t.Run(name, func(t *testing.T) {
			want := spec.WithDefaults()
			if err := want.Validate(); err != nil {
				t.Fatal(err)
			}
			line, err := specfile.CommandLine("printf '%s\\0'", want)
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, line); !reflect.DeepEqual(got, want) {
				t.Errorf("%s\n%+v\nwant %+v", line, got, want)
			}
		})
	}
}

// read returns the spec of a command line as a shell and kong read it; its command prints its arguments.
func read(t *testing.T, line string) loadgen.Spec {
	t.Helper()
	out, err := exec.Command("sh", "-c", line).Output()
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Flags `embed:""`
		Args  []string `arg:""`
	}
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")); err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(line, "<<'SPEC'\n")
	spec, err := c.Flags.Spec(c.Args, strings.NewReader(strings.TrimSuffix(text, "SPEC")))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}
