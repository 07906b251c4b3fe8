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
