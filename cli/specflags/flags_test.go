package specflags

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

func ptr[T any](v T) *T { return &v }

const url = "http://127.0.0.1:8080/ping"

func TestSpecFromFlags(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(binary, []byte{0xff, 0}, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		flags Flags
		want  func(*loadgen.Spec)
	}{
		"no flags: an avalanche of 10 s": {Flags{}, func(s *loadgen.Spec) { s.Kind, s.Duration = loadgen.Avalanche, loadgen.Duration(10*time.Second) }},
		"a number needs no duration": {Flags{Requests: ptr(int64(7)), Connections: ptr(3)}, func(s *loadgen.Spec) {
			s.Kind, s.Count, s.Connections = loadgen.Avalanche, 7, 3
		}},
		"a rate makes a tsunami": {Flags{Rate: ptr(100.0), Duration: ptr(time.Minute)}, func(s *loadgen.Spec) {
			s.Kind, s.RateRPS, s.Duration = loadgen.Tsunami, 100, loadgen.Duration(time.Minute)
		}},
		"a delay makes a tsunami": {Flags{Delay: ptr(time.Millisecond), RequestsPerDriver: ptr(int64(5))}, func(s *loadgen.Spec) {
			s.Kind, s.Delay, s.CountPerDriver = loadgen.Tsunami, loadgen.Duration(time.Millisecond), 5
		}},
		"a body is posted": {Flags{Body: ptr("x"), Header: []string{"A: b:c", "D:e"}, Requests: ptr(int64(1))}, func(s *loadgen.Spec) {
			s.Kind, s.Count, s.Body, s.Method, s.Headers = loadgen.Avalanche, 1, "x", "POST", map[string]string{"A": "b:c", "D": "e"}
		}},
		"a binary body": {Flags{Body: ptr("\xff\x00"), Requests: ptr(int64(1))}, func(s *loadgen.Spec) {
			s.Kind, s.Count, s.BodyBase64, s.Method = loadgen.Avalanche, 1, "/wA=", "POST"
		}},
		"a header twice": {Flags{Header: []string{"X-A: 1", "cookie: a=1", "x-a: 2", "Cookie: b=2"}, Requests: ptr(int64(1))}, func(s *loadgen.Spec) {
			s.Kind, s.Count, s.Headers = loadgen.Avalanche, 1, map[string]string{"X-A": "1, 2", "cookie": "a=1; b=2"}
		}},
		"a binary body from a file": {Flags{BodyFile: &binary, Requests: ptr(int64(1))}, func(s *loadgen.Spec) {
			s.Kind, s.Count, s.BodyBase64, s.Method = loadgen.Avalanche, 1, "/wA=", "POST"
		}},
		"stages make a tsunami": {Flags{Stage: []string{"10s:100", "1m:100.5"}}, func(s *loadgen.Spec) {
			s.Kind, s.Stages = loadgen.Tsunami, []loadgen.Stage{{Duration: loadgen.Duration(10 * time.Second), To: 100}, {Duration: loadgen.Duration(time.Minute), To: 100.5}}
		}},
		"conditions that abort": {Flags{Abort: []string{"errors<5%"}, AbortAfter: ptr(time.Second), Requests: ptr(int64(1))}, func(s *loadgen.Spec) {
			s.Kind, s.Count, s.Thresholds = loadgen.Avalanche, 1, []loadgen.Threshold{{Expr: "errors<5%", Abort: true, After: loadgen.Duration(time.Second)}}
		}},
		"thresholds": {Flags{Threshold: []string{"p99<1s"}, Expect: []string{"418"}, Requests: ptr(int64(1))}, func(s *loadgen.Spec) {
			s.Kind, s.Count, s.Thresholds, s.Expect.Statuses = loadgen.Avalanche, 1, []loadgen.Threshold{{Expr: "p99<1s"}}, []int{418}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.flags.Spec([]string{url}, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := loadgen.Spec{Target: url}
			c.want(&want)
			if want = want.WithDefaults(); !reflect.DeepEqual(got, want) {
				t.Errorf("%+v\nwant %+v", got, want)
			}
		})
	}
}

func TestFlagsChangeASpecFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "spec.yaml")
	text := "target: http://127.0.0.1:1/\ndelay: 5ms\ncount_per_driver: 10\nheaders:\n  A: a\nthresholds:\n  - expr: errors<1%\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := Flags{Rate: ptr(50.0), Requests: ptr(int64(20)), Header: []string{"a: b"}, Threshold: []string{"p99<1s"}}
	got, err := flags.Spec([]string{url, file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Target != url || got.RateRPS != 50 || got.Delay != 0 || got.Count != 20 || got.CountPerDriver != 0 || len(got.Headers) != 1 || got.Headers["a"] != "b" || len(got.Thresholds) != 2 {
		t.Errorf("%+v", got)
	}
	again, err := Flags{}.Spec([]string{"-"}, strings.NewReader(text))
	if err != nil || again.Delay.Std() != 5*time.Millisecond || again.Duration != 0 {
		t.Errorf("from standard input: %+v, %v", again, err)
	}
}

func TestWrongFlagsAreNamedAsTyped(t *testing.T) {
	for name, c := range map[string]struct {
		flags Flags
		typed []string
		want  string
	}{
		"short":      {Flags{Rate: ptr(0.0)}, []string{"-q", "0"}, "-q 0: rate must be between 0.01 and 10000000 requests per second"},
		"glued":      {Flags{Rate: ptr(0.0)}, []string{"-q0"}, "-q 0: rate must be between 0.01 and 10000000 requests per second"},
		"long":       {Flags{Rate: ptr(1e8)}, []string{"--rate=1e8"}, "--rate 1e+08: rate must be between 0.01 and 10000000 requests per second"},
		"negative":   {Flags{Connections: ptr(-1)}, []string{"-c", "-1"}, "-c -1: connections must be between 1 and 100000 per driver"},
		"per driver": {Flags{RequestsPerDriver: ptr(int64(0))}, []string{"--requests-per-driver", "0"}, "--requests-per-driver 0: count per driver must be"},
		"not typed":  {Flags{Timeout: ptr(2 * time.Hour)}, nil, "timeout 2h0m0s: must be between 1ms and 1h"},
		"stage":      {Flags{Stage: []string{"100"}}, []string{"--stage", "100"}, `--stage "100": stages must be like 30s:1000`},
		"two paces":  {Flags{Stage: []string{"1s:1"}, Rate: ptr(1.0)}, []string{"--stage", "1s:1"}, "rate 1: set only one of rate, delay and stages"},
		"abort":      {Flags{Abort: []string{"p99"}}, []string{"--abort", "p99"}, `--abort "p99": thresholds must be like p99<250ms`},
		"no CA":      {Flags{CACert: ptr("/nowhere")}, []string{"--cacert", "/nowhere"}, "--cacert /nowhere: no such file"},
		"no body":    {Flags{BodyFile: ptr("/nowhere")}, []string{"-D", "/nowhere"}, "-D /nowhere: no such file"},
		"backwards":  {Flags{Duration: ptr(-5 * time.Second)}, []string{"-z", "-5s"}, "-z -5s: duration must be between 1ms and 168h"},
		"long value": {Flags{Header: []string{"A: " + strings.Repeat("a", 40<<10)}}, []string{"-H", "A: …"}, "-H A: (hidden): headers.A must be at most 32768 bytes"},
		"header":     {Flags{Header: []string{"x"}}, []string{"-H", "x"}, `-H "x": headers must be like 'Name: value'`},
		"length":     {Flags{Header: []string{"content-length: 5"}}, []string{"-H", "content-length: 5"}, `-H "content-length: 5": headers.content-length must be left out`},
		"host twice": {Flags{Header: []string{"Host: a", "host: b"}}, []string{"-H", "Host: a"}, "-H Host: is given 2 times, but a request can have it only once"},
		"two bodies": {Flags{Body: ptr("x"), BodyFile: ptr("y")}, []string{"-d", "x", "-D", "y"}, "-d: give -d or -D, not both"},
		"two counts": {Flags{Requests: ptr(int64(1)), RequestsPerDriver: ptr(int64(1))}, []string{"-n", "1"}, "-n 1: set count (for the fleet) or count_per_driver, not both"},
		"one stage":  {Flags{Stage: []string{"1s:-1"}}, []string{"--stage", "1s:-1"}, "--stage -1: stages[0].rate must be between 0 and 10000000"},
		"which one":  {Flags{Threshold: []string{"p99<1s"}, Abort: []string{"x"}}, []string{"--threshold", "p99<1s", "--abort", "x"}, `--abort "x": there is no metric`},
		"after":      {Flags{Abort: []string{"p99<1s"}, AbortAfter: ptr(-time.Second)}, []string{"--abort", "p99<1s", "--abort-after=-1s"}, "--abort-after -1s: thresholds.after must be between 0 and"},
		"no --abort": {Flags{AbortAfter: ptr(time.Second)}, []string{"--abort-after", "1s"}, "--abort-after 1s: needs --abort"},
		"statuses":   {Flags{Expect: []string{"200,2x"}}, []string{"--expect-status", "200,2x"}, `--expect-status "2x": expect.statuses must be a status from 100 to 999, a range such as 200-299, or a class such as 2xx`},
		"too long":   {Flags{Duration: ptr(100000 * time.Hour)}, []string{"-z", "100000h"}, "-z 100000h: duration must be between 1ms and"},
		"after all":  {Flags{Stage: []string{"1s:1"}, Duration: ptr(10 * time.Second)}, []string{"-z", "10s"}, "-z 10s: the stages last only 1s"},
		"no user":    {Flags{User: ptr("ann")}, []string{"-u", "ann"}, "-u: must be USER:PASSWORD"},
		"two users":  {Flags{User: ptr("ann:x"), Header: []string{"authorization: y"}}, []string{"-u", "ann:x"}, "-u: give either -u or -H"},
		"no PEM":     {Flags{CACert: ptr("/etc/hosts")}, []string{"--cacert", "/etc/hosts"}, "--cacert /etc/hosts: must hold PEM certificates"},
		"no pair":    {Flags{Cert: ptr("/etc/hosts"), Key: ptr("/etc/hosts")}, nil, "--cert /etc/hosts, --key /etc/hosts: must be a PEM certificate"},
		"resolve":    {Flags{Resolve: []string{"host:80"}}, []string{"--resolve", "host:80"}, `--resolve "host:80": resolve must be host:port:address`},
		"kind":       {Flags{Kind: ptr("flood")}, []string{"--kind", "flood"}, `--kind "flood": kind must be avalanche or tsunami`},
		"threshold":  {Flags{Threshold: []string{"p99"}}, []string{"--threshold", "p99"}, `--threshold "p99": thresholds must be like p99<250ms`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.flags.Spec([]string{url}, nil)
			if err == nil {
				t.Fatal("no error")
			}
			if got := Explain(err, append([]string{"run", url}, c.typed...)).Error(); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWrongTypesAreNamedAsTyped(t *testing.T) {
	for message, c := range map[string]struct {
		typed []string
		want  string
	}{
		`--rate: expected a float but got "abc" (string)`:                                 {[]string{"-q", "abc"}, `-q "abc": must be a number`},
		`--duration: expected duration but got "10": time: missing unit in duration "10"`: {[]string{"--duration=10"}, `--duration "10": must be a time with its unit, such as 250ms, 10s or 5m`},
		`--max-connections: expected a valid 64 bit int but got "x"`:                      {[]string{"--max-connections", "x"}, `--max-connections "x": must be a whole number`},
		"unknown flag --nonsense":                                                         {[]string{"--nonsense"}, "unknown flag --nonsense"},
	} {
		if got := ExplainParsing(errors.New(message), c.typed).Error(); got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
}

func TestAddressesWithoutAScheme(t *testing.T) {
	for arg, want := range map[string]string{
		"localhost:8080/ping": "http://localhost:8080/ping", "127.0.0.1/x?y": "http://127.0.0.1/x?y", "[::1]:80/": "http://[::1]:80/", "shop.test:80": "http://shop.test:80", "localhost": "http://localhost",
	} {
		var notes []string
		s, err := Flags{Note: func(n string) { notes = append(notes, n) }}.Spec([]string{arg}, nil)
		if err != nil || s.Target != want || len(notes) != 1 || notes[0] != "no scheme given: using "+want {
			t.Errorf("%s: %s, %v, %q", arg, s.Target, err, notes)
		}
	}
	for arg, want := range map[string]bool{"example.com": true, "example.com/x": true, "spec.yaml": false, "dir.d/spec.yml": false, "specs/shop": false, "spec": false} {
		_, err := Flags{}.Spec([]string{arg}, nil)
		if err == nil || strings.Contains(err.Error(), "for a URL, write http://"+arg) != want {
			t.Errorf("%s: %v", arg, err)
		}
	}
}

func TestRequestBodies(t *testing.T) {
	file := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		flags Flags
		want  string
	}{
		"text":           {Flags{Body: ptr("x")}, "x"},
		"an at sign":     {Flags{Body: ptr("@")}, "@"},
		"a file":         {Flags{Body: ptr("@" + file)}, "from a file\n"},
		"a file by -D":   {Flags{BodyFile: ptr(file)}, "from a file\n"},
		"standard input": {Flags{BodyFile: ptr("-")}, "from stdin"},
		"stdin by -d":    {Flags{Body: ptr("@-")}, "from stdin"},
	} {
		s, err := c.flags.Spec([]string{url}, strings.NewReader("from stdin"))
		if err != nil || s.Body != c.want || s.Method != "POST" {
			t.Errorf("%s: %q %s, %v", name, s.Body, s.Method, err)
		}
	}
	if _, err := (Flags{BodyFile: ptr("-")}).Spec([]string{"-"}, strings.NewReader("target: "+url)); err == nil || !strings.Contains(err.Error(), "cannot hold both") {
		t.Errorf("spec and body from standard input: %v", err)
	}
	var notes []string
	if _, err := (Flags{Body: ptr("5s"), Note: func(n string) { notes = append(notes, n) }}).Spec([]string{url}, nil); err != nil || len(notes) != 1 {
		t.Errorf("a body that looks like a duration: %q, %v", notes, err)
	}
}

func TestRequestFlags(t *testing.T) {
	s, err := Flags{User: ptr("ann:secret"), Method: ptr("post"), Expect: []string{"2xx", "404,500-502"}}.Spec([]string{url}, nil)
	if err != nil || s.Headers["Authorization"] != "Basic YW5uOnNlY3JldA==" || s.Method != "POST" || len(s.Expect.Statuses) != 104 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = (Flags{Method: ptr("Report")}).Spec([]string{url}, nil); err != nil || s.Method != "Report" {
		t.Errorf("%s, %v", s.Method, err)
	}
}

func TestWrongArguments(t *testing.T) {
	for name, args := range map[string][]string{
		"none": nil, "two URLs": {url, url}, "two files": {"a.yaml", "b.yaml"}, "no file": {"/nowhere/spec.yaml"},
	} {
		if _, err := (Flags{}).Spec(args, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestParseDrivers(t *testing.T) {
	for text, want := range map[string]string{
		"all": "[] map[] 0", "3": "[] map[] 3", "a,b-1": "[a b-1] map[] 0", "zone=west,a": "[a] map[zone:west] 0",
	} {
		sel, err := ParseDrivers(text, time.Second)
		if got := strings.TrimSpace(fmt.Sprintln(sel.IDs, sel.Labels, sel.Count)); err != nil || got != want || sel.Wait != time.Second {
			t.Errorf("%q: %s, %v, want %s", text, got, err, want)
		}
	}
	if _, err := ParseDrivers("all", -time.Second); err == nil || !strings.HasPrefix(err.Error(), "--wait -1s: ") {
		t.Errorf("a negative wait: %v", err)
	}
	for _, text := range []string{"", "0", "-1", "99999", "a b", "a,,b", "\x1b[2J"} {
		if _, err := ParseDrivers(text, 0); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}
