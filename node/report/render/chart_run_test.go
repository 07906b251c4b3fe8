package render

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"landfall/node/fleet"
	"landfall/node/report"
)

// Seconds that only some drivers have reported are lower bounds, drawn apart from complete ones and joined with them.
func TestPartialSecondsAreLowerBounds(t *testing.T) {
	r := healthy()
	r.Intervals[4].Coverage, r.Intervals[5].Coverage = 0.6, 0.6
	for _, c := range chartsOf(r)[:2] {
		first, last := c.Lines[0], c.Lines[len(c.Lines)-1]
		if len(first.Parts) != 2 {
			t.Errorf("%s: %s has %d parts, want 2", c.Title, first.Name, len(first.Parts))
		}
		if last.Class != "bound" || len(last.Parts) != 1 || strings.Count(last.Parts[0], " ") != 3 {
			t.Errorf("%s: the lower bound is %s %q, want four points", c.Title, last.Class, last.Parts)
		}
	}
	r.Intervals[4].Coverage, r.Intervals[5].Coverage = 0.995, 1
	for _, c := range chartsOf(r)[:2] {
		if last := c.Lines[len(c.Lines)-1]; last.Class == "bound" {
			t.Errorf("%s has a lower bound although one driver of 200 is missing", c.Title)
		}
	}
}

// Throughput is responses, failed requests if there are any, and the requested rate of a tsunami.
func TestCurvesOfThroughput(t *testing.T) {
	names := func(r *report.Report) (list []string) {
		for _, l := range chartsOf(r)[0].Lines {
			list = append(list, l.Name)
		}
		return list
	}
	r := healthy()
	if got := names(r); !slices.Equal(got, []string{"answered", "asked"}) {
		t.Errorf("%q", got)
	}
	r.Failed, r.AskedRateRPS = 3, 0
	if got := names(r); !slices.Equal(got, []string{"answered", "failed"}) {
		t.Errorf("%q", got)
	}
	rate := 10.0
	if v, ok := failedIn(&report.Interval{Coverage: 1, RateRPS: &rate, Requests: 20, Errors: 1, Unexpected: 3}); !ok || v != 2 {
		t.Errorf("failed %v/s, %t", v, ok)
	}
}

// Marks have the labels of the console; those that would cover another are left out, and so are routine events.
func TestMarks(t *testing.T) {
	r := healthy()
	for i := range r.Intervals {
		r.Intervals[i].Events = nil
	}
	add := func(ms int64, kind fleet.EventKind) {
		in := &r.Intervals[ms/1000]
		in.Events = append(in.Events, report.Event{AtMS: ms, Kind: string(kind), NodeID: "drv-01", Text: "text"})
	}
	add(100, fleet.EventStarted)
	add(1000, fleet.EventLost)
	add(1100, fleet.EventAdjusted)
	add(1200, fleet.EventKilled)
	add(2000, fleet.EventLate)
	add(8900, fleet.EventKilled)
	var got []string
	for _, m := range marksOf(r, func(ms int64) float64 { return chartLeft + (chartRight-chartLeft)*float64(ms)/9000 }) {
		got = append(got, m.Label+" "+m.Row+" "+m.Tone)
	}
	if want := []string{"✖drv-01 20 fails", "◆ 33 ", "  ", "  "}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// On a narrow screen, labels that would cover others are hidden; all lines of a chart have the console's colours.
func TestChartsFitNarrowScreens(t *testing.T) {
	r := healthy()
	at := func(ms int64, id string) {
		in := &r.Intervals[ms/1000]
		in.Events = append(in.Events, report.Event{AtMS: ms, Kind: string(fleet.EventLost), NodeID: id})
	}
	end := r.Intervals[len(r.Intervals)-1].AtMS
	at(end/4, "drv-1")
	at(end/4+end/8, "drv-2")
	list := marksOf(r, func(ms int64) float64 { return chartLeft + (chartRight-chartLeft)*float64(ms)/float64(end) })
	if len(list) != 2 || list[0].Label == "" || list[0].Roomy || list[1].Label == "" || !list[1].Roomy {
		t.Errorf("%+v", list)
	}
	var b bytes.Buffer
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`class="answered"`, `class="p50"`, `class="p95"`, `class="p99"`, `<span class="fails roomy" style="left:calc((`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
