package render

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/node/report"
	"landfall/node/report/reporttest"
)

func TestWhyConnectionsWereNotOpened(t *testing.T) {
	drivers := []report.Driver{
		{NodeID: "a", Failures: []string{"connect: connection refused"}},
		{NodeID: "b", Failures: []string{"dns: no such host", "connect: connection refused"}},
		{NodeID: "c", Failures: []string{"connect: connection refused"}},
		{NodeID: "d"},
	}
	want := []string{"a and 2 more: connect: connection refused", "b: dns: no such host"}
	if got := report.WhyNotOpened(drivers); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	run := reporttest.Rough()
	run.Drivers["drv-02"].Failures = []string{"connect: connection refused\x1b[2J"}
	r := report.Build(run, reporttest.T0.Add(11*time.Second), "1.0")
	var text bytes.Buffer
	Text(&text, r, false)
	if said := text.String(); !strings.Contains(said, "    drv-02: connect: connection refused") || strings.ContainsRune(said, '\x1b') {
		t.Errorf("said:\n%s", said)
	}
	if slices.ContainsFunc(r.Reasons, func(s string) bool { return strings.Contains(s, "connection refused") }) {
		t.Errorf("some requests were answered: %q", r.Reasons)
	}
	r.Responses = 0
	if reasons := report.Failures(r, run); !slices.Contains(reasons, "drv-02: connect: connection refused\x1b[2J") {
		t.Errorf("no request was answered: %q", reasons)
	}
}
