package specflags

import (
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
