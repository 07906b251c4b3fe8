package tui

import (
	"math"
	"time"

	"landfall/node"
	"landfall/node/fleet"
)

var gap = math.NaN()

// window is a stretch of a run's seconds, ready to be drawn. Values that nobody reported are NaN.
type window struct {
	from, newest          int // seconds since T0 of the first value; number of the newest value that was measured, -1: none
	asked, sent, answered []float64
	failed                []float64
	p50, p95, p99         []float64
	present, expects      []int64      // drivers that a value contains, of how many
	partial               []bool       // it contains too few of them to be more than a lower bound
	heat                  []fleet.Heat // of the whole fleet, by column
	marks                 []mark
	only                  string // the driver that it is of
}

// The stretches of time that charts can show, in seconds.
const (
	wholeRun = 0
	fitted   = -1 // up to the planned end if that is near, else the newest minutes
)

const (
	fitLongest = 15 * 60 // the longest run, in seconds, that is shown up to its planned end
	fitNewest  = 5 * 60  // what is shown of a longer one
)

// shortest is the shortest last second, in seconds, that is drawn.
const shortest = 0.3

// complete is the share of the drivers from which on a second is no mere lower bound: one of a thousand is no gap.
const complete = 0.99

// stretch is which n seconds of a run to show, of which end were measured and planned are planned (0: it has no planned end).
func stretch(span, end, planned int, over bool) (from, n int) {
	switch {
	case over && span <= 0:
		return 0, max(end, 1)
	case span == fitted && planned > 0 && planned <= fitLongest:
		return 0, max(planned, end)
	case span == fitted:
		span = fitNewest
	case span == wholeRun:
		return 0, max(end, 10)
	}
	if !over && planned > 0 && planned <= span {
		return 0, max(planned, end)
	}
	return max(0, end-span), span
}

func newWindow(from, n int) window {
	w := window{from: from, newest: -1, present: make([]int64, n), expects: make([]int64, n), partial: make([]bool, n)}
	for _, s := range []*[]float64{&w.asked, &w.sent, &w.answered, &w.failed, &w.p50, &w.p95, &w.p99} {
		*s = make([]float64, n)
		for i := range *s {
			(*s)[i] = gap
		}
	}
	return w
}

// takeWindow copies the seconds that q asks for. The last second of a run is rarely a whole one: it is scaled if its length
// is known, else left out.
func (v *runView) takeWindow(r *fleet.Run, q query, now time.Time) {
	end := whole64(r, now)
	until := v.until.Seconds()
	end = min(end, lastSecond(r, until, end, !v.active))
	if n := newest(r, end); n >= 0 {
		v.latest = intervalOf(n, r.Intervals[n]).scaled(lengthOf(n, until))
	}
	from, n := stretch(q.span, end, int(math.Ceil(until)), !v.active)
	w := newWindow(from, n)
	var c *fleet.Carrier
	if q.only != "" {
		w.only = q.only
		c = r.Drivers[q.only]
	}
	for i := range n {
		at := from + i
		if w.only == "" && (until == 0 && at < end || float64(at) < until) {
			w.asked[i] = askedOf(r.Asked(at))
		}
		switch {
		case at >= end:
		case w.only != "":
			w.putPoint(i, c, at, lengthOf(at, until))
		default:
			w.put(i, intervalOf(at, r.Intervals[at]).scaled(lengthOf(at, until)))
		}
	}
	w.heat = heatColumns(r, w.from, n, q.heat)
	for _, e := range r.Events {
		if m, worth := markOf(e.Kind, e.NodeID); worth {
			m.at = int(e.At.Sub(r.T0)/time.Second) - w.from
			w.marks = append(w.marks, m)
		}
	}
	w.marks = append(w.marks, w.outages()...)
	v.window = w
}

// outages are marks where most requests begin to fail, and where they are answered again.
func (w *window) outages() (list []mark) {
	const lasts = 2 // seconds from which on it is one
	down, turned := false, 0
	for i := range w.sent {
		if !good(w.sent[i]) || w.sent[i] == 0 {
			continue
		}
		if failing := w.failed[i] > 0.5*w.sent[i]; failing == down {
			turned = 0
		} else if turned++; turned == lasts {
			down, turned = failing, 0
			label := "answers again"
			if down {
				label = "✖target fails"
			}
			list = append(list, mark{at: i - lasts + 1, label: label, bad: down})
		}
	}
	return list
}

// lengthOf is how much of second at is before a planned end; until 0: there is none.
func lengthOf(at int, until float64) float64 {
	if until == 0 {
		return 1
	}
	return min(1, max(0, until-float64(at)))
}

// lastSecond is how many seconds of a run can be drawn, of end that were measured.
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
	if over && (until == 0 || end < int(until)) { // its requests were done before
		end = max(1, end-1)
	}
	return end
}

// scaled is what an interval of that length comes to per second.
func (v interval) scaled(length float64) interval {
	if length < shortest || length >= 1 {
		return v
	}
	v.asked, v.sent, v.answered, v.failed = v.asked/length, v.sent/length, v.answered/length, v.failed/length
	return v
}

// askedOf is a rate that was asked for; nothing is asked of an avalanche.
func askedOf(rps float64, asked bool) float64 {
	if !asked {
		return gap
	}
	return rps
}

// put notes an interval of the fleet. What only some drivers reported is a lower bound.
func (w *window) put(i int, v interval) {
	if v.present == 0 {
		return
	}
	w.present[i], w.expects[i] = v.present, v.expects
	w.partial[i] = float64(v.present) < complete*float64(v.expects)
	w.sent[i], w.answered[i], w.failed[i], w.newest = v.sent, v.answered, v.failed, i
	if v.p99 > 0 {
		w.p50[i], w.p95[i], w.p99[i] = v.p50, v.p95, v.p99
	}
}

func (w *window) putPoint(i int, c *fleet.Carrier, at int, length float64) {
	if c == nil {
		return
	}
	p := pointAt(c, at)
	if p == nil {
		return
	}
	v := interval{sent: float64(p.Requests), answered: float64(p.Requests - p.Errors), failed: float64(p.Errors)}.scaled(length)
	w.sent[i], w.answered[i], w.failed[i], w.newest = v.sent, v.answered, v.failed, i
	if p.P99US > 0 {
		w.p50[i], w.p99[i] = float64(p.P50US), float64(p.P99US)
	}
}

// markOf is how the charts show that something happened, and whether they do.
func markOf(k fleet.EventKind, nodeID string) (mark, bool) {
	switch k {
	case fleet.EventLost, fleet.EventKilled:
		return mark{label: "✖" + node.Clean(nodeID, 20), bad: true}, true
	case fleet.EventAdjusted:
		return mark{label: "◆"}, true
	case fleet.EventPaused:
		return mark{label: "‖"}, true
	case fleet.EventResumed:
		return mark{label: "▶"}, true
	case fleet.EventStopped:
		return mark{label: "■"}, true
	case fleet.EventAdopted, fleet.EventLate:
		return mark{}, true
	}
	return mark{}, false
}

// heatColumns sums n of a run's intervals into most columns, or fewer if there are fewer.
func heatColumns(r *fleet.Run, from, n, most int) []fleet.Heat {
	if most < 1 || n < 1 {
		return nil
	}
	columns := make([]fleet.Heat, min(n, most))
	for i := range n {
		if at := from + i; at >= 0 && at < len(r.Intervals) {
			column := &columns[columnOf(i, n, len(columns))]
			for band, count := range r.Intervals[at].Heat {
				column[band] += count
			}
		}
	}
	return columns
}
