package render

import (
	"bytes"
	"strings"
	"testing"

	"landfall/node/report"
)

// A run without an asked rate shows a dash for it, and no change.
func TestCompareWithoutAnAskedRate(t *testing.T) {
	avalanche, tsunami := &report.Report{TestID: "a", RateRPS: 900}, &report.Report{TestID: "b", RateRPS: 100, AskedRateRPS: 100}
	var text bytes.Buffer
	if err := Compare(&text, avalanche, tsunami, false); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		if strings.Contains(line, "asked rate") {
			if got := strings.Fields(line); len(got) != 4 || got[2] != "–" || got[3] != "100.0/s" {
				t.Errorf("%q", line)
			}
			return
		}
	}
	t.Errorf("no asked rate in:\n%s", text.String())
}

// Large changes for the worse and for the better are coloured, small ones and those of the run's size are not.
func TestChangesAreColoured(t *testing.T) {
	a := &report.Report{TestID: "a", Requests: 1000, RateRPS: 100, Failed: 0, Latency: report.Latency{P50: 1000, P95: 1000, P99: 1000}}
	b := &report.Report{TestID: "b", Requests: 3000, RateRPS: 150, Failed: 90, Latency: report.Latency{P50: 1040, P95: 500, P99: 68_800}}
	var text bytes.Buffer
	if err := Compare(&text, a, b, true); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"latency p99 ": string(bad), "failed ": string(bad), "rate ": string(good), "latency p95 ": string(good), "latency p50 ": "", "requests ": ""} {
		for line := range strings.Lines(text.String()) {
			if !strings.HasPrefix(strings.TrimSpace(line), name) {
				continue
			}
			if want == "" && strings.Contains(line, "\x1b") || want != "" && !strings.Contains(line, "\x1b["+want+"m") {
				t.Errorf("%s: %q, want colour %q", name, line, want)
			}
		}
	}
}
