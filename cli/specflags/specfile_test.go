package specflags

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/loadgen/field"
)

func TestSpecFileErrorsHavePositions(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		flags Flags
		want  string // "": no error
	}{
		"rate":              {"target: " + url + "\nrate: 0.001\n", Flags{}, "spec:2:7: rate 0.001: must be between 0.01"},
		"a zero":            {"target: " + url + "\nrate: 0\nduration: 1s\n", Flags{}, "spec:2:7: rate 0: must be between 0.01"},
		"zero connections":  {"connections: 0\ntarget: " + url + "\n", Flags{}, "spec:1:14: connections 0: must be between 1 and 100000 per driver"},
		"a stage":           {"target: " + url + "\nstages:\n  - {duration: 1s, rate: 5}\n  - {duration: 1s, rate: -5}\n", Flags{}, "spec:4:26: stages[1].rate -5: must be"},
		"a missing field":   {"target: " + url + "\nrequests:\n  - url: /a\n", Flags{}, "spec:3:"},
		"a threshold":       {"target: " + url + "\nthresholds:\n  - p99<1s\n  - expr: p99\n    abort: true\n", Flags{}, `spec:4:11: thresholds "p99": must be like`},
		"JSON":              {"{\"target\": \"" + url + "\",\n \"rate\": 1e9}", Flags{}, "spec:2:10: rate 1e+09: must be"},
		"a text with a BOM": {"\ufefftarget: " + url + "\nrate: -1\n", Flags{}, "spec:2:7: rate -1: must be"},
		"not in the file":   {"kind: tsunami\ntarget: " + url + "\n", Flags{}, "rate: a tsunami needs a rate"},
		"a flag overrides":  {"target: " + url + "\nrate: 0\n", Flags{Rate: ptr(5.0)}, ""},
		"null is not given": {"target: " + url + "\nrate: null\n", Flags{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.flags.Spec([]string{"-"}, strings.NewReader(c.text))
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var at *field.Error
			if err == nil || !strings.HasPrefix(err.Error(), c.want) || !errors.As(err, &at) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// The default duration does not apply to a file whose scenarios end by themselves.
func TestScenariosWithOwnLoadsNeedNoDuration(t *testing.T) {
	const steps = `, steps: [{get: /}]}`
	for text, want := range map[string]time.Duration{
		"[{name: a, rate: 5, start: 1s, duration: 2s" + steps + ", {name: b, stages: [{duration: 4s, users: 2}]" + steps + "]": 4 * time.Second,
		"[{name: a, rate: 5" + steps + "]": defaultDuration,
	} {
		spec, err := Flags{}.Spec([]string{"-"}, strings.NewReader("target: "+url+"\nscenarios: "+text+"\n"))
		if err != nil || spec.Ends() != want {
			t.Errorf("%s ends after %v, want %v: %v", text, spec.Ends(), want, err)
		}
	}
}

// A scenario can be tried before it has a load; a run says what it lacks.
func TestATrialNeedsNoUsers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(file, []byte("target: http://h.example\nscenarios: [{name: a, steps: [{get: /}]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := (Flags{Trial: true}).Spec([]string{file}, nil); err != nil || s.Users != 1 {
		t.Errorf("%d users, %v", s.Users, err)
	}
	if _, err := (Flags{}).Spec([]string{file}, nil); err == nil || !strings.Contains(err.Error(), "scenarios need users") {
		t.Errorf("%v", err)
	}
	for name, load := range map[string]string{"stages": "stages: [{duration: 1s, users: 3}]", "rate": "rate: 2", "own": "thresholds: []"} {
		text := "target: http://h.example\n" + load + "\nscenarios: [{name: a, steps: [{get: /}]}]\n"
		if name == "own" {
			text = strings.Replace(text, "name: a,", "name: a, users: 2, duration: 1s,", 1)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (Flags{Trial: true}).Spec([]string{file}, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
