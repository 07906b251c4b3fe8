package panel

import (
	"slices"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node/report"
	"landfall/tui/style"
)

// TestSpreadEdges: edges are round, ascend from below the fastest to the slowest response, and are as many as
// fit.
func TestSpreadEdges(t *testing.T) {
	for _, n := range []int{3, 5, 8} {
		for _, span := range [][2]float64{{100, 900}, {1500, 250000}, {3, 4e6}} {
			edges := spreadEdges(span[0], span[1], n)
			if len(edges) == 0 || len(edges) > n || !slices.IsSorted(edges) || edges[len(edges)-1] < span[1] {
				t.Errorf("from %v to %v in %d: %v", span[0], span[1], n, edges)
			}
		}
	}
}

// TestHistogramLines: the shares of all bars add up to 100 %, and nothing is drawn without responses.
func TestHistogramLines(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	h := hdr.New()
	for i := range int64(90) {
		h.Record(1000 + i)
	}
	for range 10 {
		h.Record(400_000)
	}
	lines := histogramLines(st, h, 50, 8)
	if text := strings.Join(lines, "\n"); !strings.Contains(text, " 90%") || !strings.Contains(text, " 10%") {
		t.Errorf("shares are missing:\n%s", text)
	}
	even := hdr.New() // all responses are in one bar
	for range 100 {
		even.Record(20_200)
	}
	if lines := histogramLines(st, even, 50, 1); len(lines) != 1 {
		t.Errorf("a distribution of one bar in one line: %q", lines)
	}
	if lines := histogramLines(st, hdr.New(), 50, 8); lines != nil {
		t.Errorf("an empty histogram has bars: %q", lines)
	}
	if lines := histogramLines(st, h, 50, 2); lines != nil {
		t.Errorf("two lines have room for bars: %q", lines)
	}
}

// TestVerdictLines: failed thresholds are beside the outcome, and the keys are last.
func TestVerdictLines(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	r := &report.Report{Outcome: report.Failed, Requests: 1000, Unknown: 12, Thresholds: []report.Threshold{{Expr: "errors<1%", Passed: true, Judged: true}, {Expr: "p99<250ms", Judged: true}}}
	lines := VerdictLines(st, r, "KEYS", 50, 20)
	if !strings.HasPrefix(lines[0], "✖ FAILED") || !strings.Contains(lines[0], "p99<250ms") {
		t.Errorf("the first line is %q", lines[0])
	}
	if lines[len(lines)-1] != "KEYS" || !strings.Contains(strings.Join(lines, "\n"), "unknown up to 12") {
		t.Errorf("%q", lines)
	}
}

// TestVerdictShort: three lines show the outcome with missed thresholds first, the latencies and the counts.
func TestVerdictShort(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	r := &report.Report{Outcome: report.Failed, Requests: 1000, Failed: 3, Thresholds: []report.Threshold{{Expr: "errors<1%", Passed: true, Judged: true}, {Expr: "p99<250ms", Judged: true}}}
	lines := VerdictShort(st, r, 78)
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "✖ FAILED  ✖ p99<250ms") || !strings.Contains(lines[1], "p50 ") || !strings.Contains(lines[2], "failed 3") {
		t.Errorf("%q", lines)
	}
	for _, line := range lines {
		if style.Width(line) > 78 {
			t.Errorf("%d columns: %q", style.Width(line), line)
		}
	}
}

// A narrow card truncates no figure: what does not fit beside another one gets a line of its own.
func TestCountsAreNotCut(t *testing.T) {
	r := &report.Report{Requests: 23_526, Responses: 9_701, Failed: 13_825, RateRPS: 392, AskedRateRPS: 400, Errors: map[loadgen.Class]int64{loadgen.ErrConnect: 13_823, loadgen.ErrRead: 2}}
	lines := counts(style.Must("none", false, termenv.Ascii), r, 40)
	if text := strings.Join(lines, "\n"); !strings.Contains(text, "connect errors 13,823") || !strings.Contains(text, "read errors 2") {
		t.Errorf("%s", text)
	}
	for _, line := range lines {
		if style.Width(line) > 40 {
			t.Errorf("%d columns: %q", style.Width(line), line)
		}
	}
}

// Bars are as long as their share, to an eighth of a cell, and what occurred is seen.
func TestSliver(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	for cells, want := range map[float64]string{0.001: "▏", 0.5: "▌", 1: "█", 2.25: "██▎", 2.99: "███"} {
		if got := sliverOf(st, cells); got != want {
			t.Errorf("%v: %q, want %q", cells, got, want)
		}
	}
	if got := sliverOf(style.Must("none", true, termenv.Ascii), 2.25); got != "###" {
		t.Errorf("in ASCII %q", got)
	}
}

// The percentiles are on one line if they fit, closer together if that is what it takes.
func TestPercentilesFit(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	r := &report.Report{Latency: report.Latency{P50: 32_400, P90: 51_300, P95: 58_500, P99: 78_100, Max: 164_000}}
	for w, want := range map[int]int{70: 1, 57: 1, 54: 1, 40: 2} {
		if got := percentiles(st, r, w); len(got) != want {
			t.Errorf("%d columns: %q", w, got)
		}
	}
}

// TestVerdictInLittleRoom: the keys and the counts stay on the card, whatever the number of warnings, and so do some bars of the distribution.
func TestVerdictInLittleRoom(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	h := hdr.New()
	for i := range int64(1000) {
		h.Record(1000 + 100*i)
	}
	r := &report.Report{Outcome: report.Failed, Requests: 1000, Failed: 12, Histogram: h, Errors: map[loadgen.Class]int64{loadgen.ErrConnect: 12}, Statuses: map[string]int64{"200": 988},
		Warnings: []string{strings.Repeat("requests waited for connections ", 4), strings.Repeat("the target was slow ", 5), "three", "four"}}
	for height, wants := range map[int][]string{
		40: {"waited for connections requests waited", "▲ four", "≤", "KEYS"}, 17: {"and 3 more in the report", "≤", "failed 12", "connect errors 12", "status 200 988", "KEYS"}, 13: {"and 3 more in the report", "failed 12", "KEYS"}, 4: {"FAILED", "KEYS"},
	} {
		lines := VerdictLines(st, r, "KEYS", 56, height)
		text := strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
		for _, want := range wants {
			if !strings.Contains(text, want) || len(lines) > height {
				t.Errorf("%d lines for %d, or no %q:\n%s", len(lines), height, want, strings.Join(lines, "\n"))
			}
		}
	}
	r.Warnings = r.Warnings[:1]
	if got := strings.Join(VerdictLines(st, r, "KEYS", 56, 15), "\n"); strings.Contains(got, "more in the report") || !strings.Contains(got, "KEYS") {
		t.Errorf("one warning:\n%s", got)
	}
}
