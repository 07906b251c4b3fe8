package sample

import (
	"math"
	"slices"
	"time"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/chart"
)

// Gap is a value that no driver reported.
var Gap = math.NaN()

// Window is a period of a run's seconds, ready to be drawn. Values that no driver reported are NaN.
type Window struct {
	From, Newest          int // seconds since T0 of the first value; number of the newest measured value, -1: none
	Asked, Sent, Answered []float64
	Failed                []float64
	P50, P95, P99         []float64
	Present, Expects      []int64      // drivers that a value contains, and expected drivers
	Partial               []bool       // too few drivers have reported: the value is a lower bound
	Heat                  []fleet.Heat // of the whole fleet, by column
	Marks                 []chart.Mark
	Warmup                int      // number of first values that belong to the warm-up
	Only                  string   // driver of the window; "": the fleet
	Run                   *Overall // figures of the whole run once it is over; nil: still active, or unknown
}

// Overall holds the mean rates of a run, in requests per second, and its latencies in microseconds.
type Overall struct {
	Asked, Sent, Answered, Failed float64 // Asked is NaN if the run had no rate to keep
	P50, P95, P99                 float64
}

// The periods that charts can show, in seconds.
const (
	WholeRun = 0
	Fitted   = -1 // up to the planned end if that is near, otherwise the newest minutes
)

const (
	fitLongest = 15 * 60 // maximum length in seconds of a run that is shown up to its planned end
	fitNewest  = 5 * 60  // shown part of a longer run, in seconds
)

// shortest is the minimum length, in seconds, of a partial last second that is drawn.
const shortest = 0.3

// Complete is the share of drivers above which a second counts as complete: one missing of a thousand is no gap.
const Complete = 0.99

// Stretch returns which n seconds of a run to show: end seconds were measured, planned are planned (0: no planned end).
func Stretch(span, end, planned int, over bool) (from, n int) {
	switch {
	case over && span <= 0:
		return 0, max(end, 1)
	case span == Fitted && planned > 0 && planned <= fitLongest:
		return 0, max(planned, end)
	case span == Fitted:
		span = fitNewest
	case span == WholeRun:
		return 0, max(end, 10)
	}
	if !over && planned > 0 && planned <= span {
		return 0, max(planned, end)
	}
	return max(0, end-span), span
}

// NewWindow returns n empty seconds of a run, starting at from.
func NewWindow(from, n int) Window {
	w := Window{From: from, Newest: -1, Present: make([]int64, n), Expects: make([]int64, n), Partial: make([]bool, n)}
	for _, s := range []*[]float64{&w.Asked, &w.Sent, &w.Answered, &w.Failed, &w.P50, &w.P95, &w.P99} {
		*s = make([]float64, n)
		for i := range *s {
			(*s)[i] = Gap
		}
	}
	return w
}

// takeWindow copies the seconds that q selects. The last second of a run is rarely complete: it is scaled if its length is known, otherwise
// omitted.
func (v *Run) takeWindow(r *fleet.Run, q Query, now time.Time) {
	until := v.Until.Seconds()
	end := drawn(r, now)
	if n := Newest(r, end); n >= 0 {
		v.Latest = intervalOf(n, r.Intervals.Figures(n)).scaled(lengthOf(n, until))
		v.Latest.planned, _ = r.Asked(n)
	}
	span := q.Span
	if r.Spec.Capacity != nil && span == Fitted { // its planned end is only an upper limit
		span = WholeRun
	}
	from, n := Stretch(span, end, int(math.Ceil(until)), !v.Active)
	w := NewWindow(from, n)
	var c *fleet.Carrier
	if q.Only != "" {
		w.Only = q.Only
		c = r.Drivers[q.Only]
	}
	for i := range n {
		at := from + i
		if w.Only == "" && len(r.Spec.Scenarios) == 0 && (until == 0 && at < end || float64(at) < until) {
			w.Asked[i] = AskedOf(r.Asked(at))
		}
		switch {
		case at >= end:
		case w.Only != "":
			w.putPoint(i, c, at, lengthOf(at, until))
		default:
			w.Put(i, intervalOf(at, r.Intervals.Figures(at)).scaled(lengthOf(at, until)))
		}
	}
	w.Warmup = max(r.Warmup()-w.From, 0)
	w.Heat = heatColumns(r, w.From, n, q.Heat)
	w.Marks = MarksOf(r.Events, r.T0, w.From)
	if q.Only == "" && !v.Active {
		w.Run = v.whole(r, w.Asked)
	}
	v.Window = w
}

// whole summarizes a finished run; asked holds the requested rates by second.
func (v *Run) whole(r *fleet.Run, asked []float64) *Overall {
	lasted := v.lasted().Seconds()
	if lasted <= 0 {
		return nil
	}
	w := &Overall{Asked: meanOf(asked), Sent: float64(v.Total.Requests) / lasted, Answered: float64(v.Total.Responses) / lasted, Failed: float64(v.FailedCount()) / lasted}
	w.P50, w.P95, w.P99 = float64(r.Latency.Quantile(.5)), float64(r.Latency.Quantile(.95)), float64(r.Latency.Quantile(.99))
	return w
}

// meanOf returns the mean of the known values; NaN: there are none.
func meanOf(values []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if chart.Good(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / float64(n)
}

// lengthOf returns the part of second at that lies before the planned end; until 0: no planned end.
func lengthOf(at int, until float64) float64 {
	if until == 0 {
		return 1
	}
	return min(1, max(0, until-float64(at)))
}

// drawn returns how many of a run's seconds can be drawn at now.
func drawn(r *fleet.Run, now time.Time) int {
	end := Whole(r, now)
	return min(end, lastSecond(r, untilOf(r).Seconds(), end, !r.Active()))
}

// lastSecond returns how many of the end measured seconds can be drawn.
func lastSecond(r *fleet.Run, until float64, end int, over bool) int {
	if until > 0 {
		if n := int(until); lengthOf(n, until) >= shortest {
			end = min(end, n+1)
		} else {
			end = min(end, n)
		}
	}
	for _, e := range r.Events {
		if e.Kind == fleet.EventStopped {
			return min(end, max(1, int(e.At.Sub(r.T0)/time.Second)))
		}
	}
	if over && (until == 0 || end < int(until)) { // all requests were sent earlier
		end = max(1, end-1)
	}
	return end
}

// Last returns the last n seconds of a finished run's window; all of it if n is not positive.
func (w Window) Last(n int) Window {
	cut := len(w.Sent) - n
	if n <= 0 || cut <= 0 {
		return w
	}
	for _, s := range []*[]float64{&w.Asked, &w.Sent, &w.Answered, &w.Failed, &w.P50, &w.P95, &w.P99} {
		*s = (*s)[cut:]
	}
	w.Present, w.Expects, w.Partial = w.Present[cut:], w.Expects[cut:], w.Partial[cut:]
	if len(w.Heat) > cut {
		w.Heat = w.Heat[cut:]
	}
	w.Marks = slices.Clone(w.Marks)
	for i := range w.Marks {
		w.Marks[i].At -= cut
	}
	w.From, w.Newest, w.Warmup = w.From+cut, w.Newest-cut, max(w.Warmup-cut, 0)
	return w
}

// scaled converts an interval of that length to rates per second.
func (v Interval) scaled(length float64) Interval {
	if length < shortest || length >= 1 {
		return v
	}
	v.asked, v.Sent, v.Answered, v.Failed = v.asked/length, v.Sent/length, v.Answered/length, v.Failed/length
	return v
}

// AskedOf returns the requested rate, or Gap: an avalanche has none.
func AskedOf(rps float64, asked bool) float64 {
	if !asked {
		return Gap
	}
	return rps
}

// Put stores an interval of the fleet. An interval that only some drivers reported is a lower bound.
func (w *Window) Put(i int, v Interval) {
	if v.Present == 0 {
		return
	}
	w.Present[i], w.Expects[i] = v.Present, v.Expects
	w.Partial[i] = float64(v.Present) < Complete*float64(v.Expects)
	w.Sent[i], w.Answered[i], w.Failed[i], w.Newest = v.Sent, v.Answered, v.Failed, i
	if v.P99 > 0 {
		w.P50[i], w.P95[i], w.P99[i] = v.P50, v.P95, v.P99
	}
}

func (w *Window) putPoint(i int, c *fleet.Carrier, at int, length float64) {
	if c == nil {
		return
	}
	p := pointAt(c, at)
	if p == nil {
		return
	}
	v := Interval{Sent: float64(p.Requests), Answered: float64(p.Requests - p.Errors), Failed: float64(p.Errors + p.Unexpected)}.scaled(length)
	w.Sent[i], w.Answered[i], w.Failed[i], w.Newest = v.Sent, v.Answered, v.Failed, i
	if p.P99US > 0 {
		w.P50[i], w.P99[i] = float64(p.P50US), float64(p.P99US)
	}
}

// MarksOf returns the marks of a run's events in a chart that begins at second from of the run.
func MarksOf(events []fleet.Event, t0 time.Time, from int) (list []chart.Mark) {
	for _, m := range fleet.Marks(events) {
		at := int(m.Event.At.Sub(t0)/time.Second) - from
		list = append(list, chart.Mark{At: at, Label: node.Clean(m.Label, 24), Bad: m.Event.Kind.Severity() == fleet.SeverityBad})
	}
	return list
}

// heatColumns sums n of a run's intervals into most columns, or fewer if there are fewer.
func heatColumns(r *fleet.Run, from, n, most int) []fleet.Heat {
	if most < 1 || n < 1 {
		return nil
	}
	columns := make([]fleet.Heat, min(n, most))
	for i := range n {
		if at := from + i; at >= 0 && at < r.Intervals.Len() {
			addHeat(&columns[chart.ColumnOf(i, n, len(columns))], r.Intervals.Figures(at).Heat)
		}
	}
	return columns
}

func addHeat(to *fleet.Heat, heat fleet.Heat) {
	for band, count := range heat {
		to[band] += count
	}
}

// Merged sums columns of a heat map to at most most columns.
func Merged(heats []fleet.Heat, most int) []fleet.Heat {
	if len(heats) <= most || most < 1 {
		return heats
	}
	columns := make([]fleet.Heat, most)
	for i := range heats {
		addHeat(&columns[chart.ColumnOf(i, len(heats), most)], heats[i])
	}
	return columns
}
