package panel

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"landfall/node/capacity"
	"landfall/node/report"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// searched is the report of a search that found a capacity.
func searched() *report.Report {
	c := searchOf(capacity.Ended, 0).Certificate
	c.Confirmed, c.Broke = true, "p99<250ms: 900ms"
	return &report.Report{Schema: report.Schema, TestID: "search", Outcome: report.Finished, RateRPS: 391, Latency: report.Latency{P99: 1_700_000}, Capacity: &c}
}

// The result of a search is its capacity, not the mean rate and the percentiles of all its rates.
func TestHeadlineOfASearch(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	for name, c := range map[string]struct {
		change func(*report.Report)
		want   string
	}{
		"confirmed":     {func(*report.Report) {}, "✓ CAPACITY 800/s"},
		"not confirmed": {func(r *report.Report) { r.Capacity.Confirmed = false }, "▲ CAPACITY ABOUT 800/s"},
		"at least":      {func(r *report.Report) { r.Capacity.AtLeast = true }, "✓ CAPACITY AT LEAST 800/s"},
		"stopped":       {func(r *report.Report) { r.Outcome, r.Capacity.Confirmed = report.Interrupted, false }, "◆ INTERRUPTED, CAPACITY ABOUT 800/s"},
		"none found":    {func(r *report.Report) { r.Outcome, r.Capacity.RateRPS = report.Failed, 0 }, "✖ FAILED"},
		"no search":     {func(r *report.Report) { r.Capacity = nil }, "● FINISHED"},
	} {
		r := searched()
		c.change(r)
		for _, lines := range [][]string{VerdictLines(st, r, "r report", 60, 20), VerdictShort(st, r, 60)} {
			if !strings.HasPrefix(lines[0], c.want) {
				t.Errorf("%s: %q, want %q", name, lines[0], c.want)
			}
			if text := strings.Join(lines, "\n"); r.Capacity != nil && strings.Contains(text, "1.7s") {
				t.Errorf("%s: the p99 of all rates is shown:\n%s", name, text)
			}
		}
	}
}

// The history lists a search with the capacity and the p99 at that rate.
func TestHistoryOfASearch(t *testing.T) {
	text, err := json.Marshal(searched())
	if err != nil {
		t.Fatal(err)
	}
	for name, past := range map[string]Past{"summary": Summary("search", text), "report": PastOf(searched())} {
		v := &Display{Style: style.Must("none", false, termenv.Ascii), W: 120, H: 40}
		h := History{Past: map[string]Past{"search": past}}
		c := h.cells(v, sample.Listed{ID: "search", At: time.Unix(0, 0)})
		if c.outcome != "✓ capacity" || c.rate != "800/s" || c.p99 != "30ms" {
			t.Errorf("%s: %+v", name, c)
		}
	}
}
