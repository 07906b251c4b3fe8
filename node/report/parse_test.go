package report

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"unicode"

	"landfall/loadgen"
	"landfall/node/report/reporttest"
)

func shownWrong(c rune) bool {
	return c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c))
}

// Anyone with write access to the results topic controls every string of a report: none may reach a terminal as an escape sequence.
func TestParseCleansEveryText(t *testing.T) {
	const evil = "\x1b]52;c;cm0gLXJm\x07\u009b2J\u202e"
	r := Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	r.Landfall, r.Kind, r.Reasons = evil, evil, []string{evil}
	r.Errors[evil], r.Statuses[evil] = 1, 1
	r.Generator.Reasons = []string{evil}
	r.Thresholds = []Threshold{{Expr: evil}}
	r.Named, r.Classes = []Named{{Name: evil}}, []Class{{Class: evil}}
	r.Drivers = append(r.Drivers, Driver{NodeID: evil, Host: evil, State: evil, Refusal: evil, Failures: []string{evil}})
	r.Intervals[0].Events = []Event{{Kind: evil, NodeID: evil, By: evil, Text: evil}}
	r.Spec.Name, r.Spec.Kind, r.Spec.Target, r.Spec.Order, r.Spec.TLS.Key = evil, evil, evil, evil, "SECRET"
	r.Spec.Requests = []loadgen.Request{{Name: evil, Headers: map[string]string{evil: evil, "Accept": evil, "X-Token": "SECRET"}}}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := json.Marshal(read)
	if strings.ContainsFunc(string(again), shownWrong) || strings.Contains(string(again), `\u001b`) || strings.Contains(string(again), "SECRET") {
		t.Errorf("it still holds control characters or secrets: %q", again)
	}
	if _, err := ParseOf("another", text); err == nil || !strings.Contains(err.Error(), "want another") {
		t.Errorf("a report of another run: %v", err)
	}
}

// A report of a few megabytes must not take gigabytes to read.
func TestParseTakesLittleMemory(t *testing.T) {
	empty := strings.Repeat("{},", 2<<20) + "{}"
	for _, list := range []string{"intervals", "drivers", "named", "thresholds"} {
		text := []byte(`{"schema":1,"outcome":"passed","test_id":"t","` + list + `":[` + empty + `]}`)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Parse(text)
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; err == nil || taken > 1<<16 {
			t.Errorf("%s: %d bytes took %d, %v", list, len(text), taken, err)
		}
	}
}
