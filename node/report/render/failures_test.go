package render

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

// Reasons of failures are summed over the drivers, sorted by frequency, and shown with the drivers that
// report them.
func TestWhyRequestsFailed(t *testing.T) {
	refused := loadgen.Failure{Class: loadgen.ErrConnect, Why: "10.0.0.1:80: connection refused\x1b[2J", Count: 3}
	http1 := loadgen.Failure{Class: loadgen.ErrProtocol, Why: "the target answers in HTTP/1", Count: 4}
	run := reporttest.Faulty()
	run.Drivers["drv-01"].Failures = []loadgen.Failure{refused}
	run.Drivers["drv-02"].Failures = []loadgen.Failure{http1, refused}
	r := report.Build(run, reporttest.T0.Add(11*time.Second), "1.0")
	if len(r.Failures) != 2 || r.Failures[0].Count != 6 || !slices.Equal(r.Failures[0].Drivers, []string{"drv-01", "drv-02"}) || r.Failures[1].Failure != http1 {
		t.Fatalf("%+v", r.Failures)
	}
	var text bytes.Buffer
	Text(&text, r, false)
	output := text.String()
	if !strings.Contains(output, "    6 × connect: 10.0.0.1:80: connection refused") || !strings.Contains(output, "    4 × protocol: the target answers in HTTP/1 (drv-02)\n") || strings.ContainsRune(output, '\x1b') {
		t.Errorf("text:\n%s", output)
	}
	if slices.ContainsFunc(r.Reasons, func(s string) bool { return strings.Contains(s, "connection refused") }) {
		t.Errorf("some requests were answered: %q", r.Reasons)
	}
	message, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(message), `{"class":"protocol","why":"the target answers in HTTP/1","count":4,"drivers":["drv-02"]}`) {
		t.Errorf("%v: %s", err, message)
	}
	r.Responses = 0
	if reasons := report.Failures(r, run); !slices.ContainsFunc(reasons, func(s string) bool { return strings.HasPrefix(s, "6 × connect: 10.0.0.1:80: connection refused") }) {
		t.Errorf("no request was answered: %q", reasons)
	}
}
