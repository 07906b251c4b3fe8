package tui

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
)

var gap = math.NaN()

// runView is a copy of what is shown of a run.
type runView struct {
	id, target, by, helm string
	kind                 loadgen.Kind
	phase                fleet.Phase
	paused, mine, active bool
	t0                   time.Time // zero: not started
	elapsed, until       time.Duration
	stopBy, stopWhy      string
	askedNow             float64 // the plan's rate now
	count                int64   // of requests, if that ends the run
	total                loadgen.Counts
	latest               interval // the newest whole one
	drivers, holding     int
	answers              []answer
	limited              []string // why drivers are the limit
	window               window
	events               []fleet.Event
	done                 bool // there is a report
	report               []byte
}

// answer is one driver's to a configuration.
type answer struct {
	id, refuse string
	given      bool
}

// interval is one second, as shown.
type interval struct {
	at                                int // its number
	asked, sent, answered             float64
	p50, p95, p99, lag                float64
	errors, dropped, present, expects int64
}

// window is a stretch of a run's intervals, ready to be drawn. Values that nobody reported are NaN.
type window struct {
	from                  int // number of the first interval
	asked, sent, answered []float64
	ghost                 []float64 // sent, where only some of the drivers reported it
	p50, p95, p99         []float64
	coverage              []float64
	heat                  []fleet.Heat // of the whole fleet, by column
	marks                 []int
	only                  string // the driver that it is of
}

// whole64 is the number of the first interval that may still be incomplete.
func whole64(r *fleet.Run, now time.Time) int {
	n := len(r.Intervals)
	for n > 0 && n > len(r.Intervals)-3 {
		i := r.Intervals[n-1]
		ended := r.T0.Add(time.Duration(n) * time.Second)
		if i.Present >= i.Expected || now.Sub(ended) > 2*time.Second {
			break
		}
		n--
	}
	return n
}

func viewRun(st *fleet.State, r *fleet.Run, q query, me string) *runView {
	v := &runView{
		id: r.ID, target: r.Spec.Target, by: r.By, helm: r.HelmBy, kind: r.Spec.Kind, phase: r.Phase, paused: r.Paused, mine: r.Conductor == me,
		active: r.Active(), t0: r.T0, stopBy: r.StopBy, stopWhy: r.StopWhy, count: r.Spec.Count, drivers: len(r.Drivers), done: r.Report != nil, report: r.Report,
	}
	v.total = r.Total
	v.total.Errors, v.total.Statuses = maps.Clone(r.Total.Errors), maps.Clone(r.Total.Statuses)
	if !r.T0.IsZero() {
		v.elapsed = st.Now().Sub(r.T0)
	}
	if !r.EndedAt.IsZero() {
		v.elapsed = min(v.elapsed, r.EndedAt.Sub(r.T0))
	}
	v.events = slices.Clone(r.Events[max(0, len(r.Events)-64):])
	v.takePlan(r)
	v.takeCarriers(r)
	v.takeWindow(r, q, st.Now())
	return v
}

func (v *runView) takePlan(r *fleet.Run) {
	p := r.Plan()
	if p == nil {
		return
	}
	v.until = untilOf(r)
	if u := r.Unpaused(); u != nil && len(u.Schedule) > 0 {
		since := v.elapsed - time.Duration(u.FromUS)*time.Microsecond
		v.askedNow = loadgen.Schedule(u.Schedule).Rate(max(since, 0))
	}
}

func (v *runView) takeCarriers(r *fleet.Run) {
	limited := map[string][]string{}
	for _, c := range r.Drivers {
		if c.Holds() {
			v.holding++
		}
		for _, reason := range c.Reasons {
			if c.Limited {
				limited[reason] = append(limited[reason], c.NodeID)
			}
		}
		if r.T0.IsZero() {
			a := answer{id: c.NodeID}
			if c.Answer != nil {
				a.given, a.refuse = true, c.Answer.Refuse
			}
			v.answers = append(v.answers, a)
		}
	}
	for reason, ids := range limited {
		who := ids[0]
		if len(ids) > 1 {
			who, reason = plural(len(ids), "driver"), strings.Replace(reason, "its ", "their ", 1)
		}
		v.limited = append(v.limited, node.Clean(who+": "+reason, 200))
	}
	slices.Sort(v.limited)
	v.limited = v.limited[:min(len(v.limited), 3)]
	slices.SortFunc(v.answers, func(a, b answer) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
}

// newest is the number of the newest interval before end that has figures; -1: none has.
func newest(r *fleet.Run, end int) int {
	for n := end - 1; n >= 0; n-- {
		i := r.Intervals[n]
		uncomputed := i.P99US == 0 && i.Delta.Responses > 0 // until the next tick
		if i.Present > 0 && !uncomputed && (untilOf(r) == 0 || time.Duration(n)*time.Second < untilOf(r)) {
			return n
		}
	}
	return -1
}

// untilOf is how long a run's plan lasts; 0: until its requests are done.
func untilOf(r *fleet.Run) time.Duration {
	if p := r.Plan(); p != nil {
		return time.Duration(p.UntilUS) * time.Microsecond
	}
	return 0
}

func (v *runView) takeWindow(r *fleet.Run, q query, now time.Time) {
	end := whole64(r, now)
	if n := newest(r, end); n >= 0 {
		v.latest = intervalOf(n, r.Intervals[n])
	}
	n := q.span
	if n == 0 {
		n = max(end, 30)
	}
	w := newWindow(end-n, n)
	var c *fleet.Carrier
	if q.only != "" {
		w.only = q.only
		c = r.Drivers[q.only]
	}
	for i := range n {
		at := w.from + i
		switch {
		case at < 0 || at >= end || v.until > 0 && time.Duration(at)*time.Second >= v.until:
		case w.only != "":
			w.putPoint(i, c, at)
		default:
			w.put(i, intervalOf(at, r.Intervals[at]))
			w.asked[i] = askedOf(r.Asked(at))
		}
	}
	w.heat = heatColumns(r, w.from, n, q.heat)
	for _, e := range r.Events {
		if worthMark(e.Kind) {
			w.marks = append(w.marks, int(e.At.Sub(r.T0)/time.Second)-w.from)
		}
	}
	v.window = w
}

func newWindow(from, n int) window {
	w := window{from: from}
	for _, s := range []*[]float64{&w.asked, &w.sent, &w.answered, &w.ghost, &w.p50, &w.p95, &w.p99, &w.coverage} {
		*s = make([]float64, n)
		for i := range *s {
			(*s)[i] = gap
		}
	}
	return w
}

// askedOf is a rate that was asked for; nothing is asked of an avalanche.
func askedOf(rps float64, asked bool) float64 {
	if !asked {
		return gap
	}
	return rps
}

func intervalOf(n int, i *fleet.Interval) interval {
	v := interval{
		at: n, asked: float64(i.Asked), sent: float64(i.Delta.Requests), answered: float64(i.Delta.Responses),
		p50: float64(i.P50US), p95: float64(i.P95US), p99: float64(i.P99US), lag: float64(i.LagP99US),
		errors: i.Delta.Requests - i.Delta.Responses, dropped: i.Delta.Dropped, present: int64(i.Present), expects: int64(i.Expected),
	}
	return v
}

// put notes an interval of the fleet. What only some drivers reported is no figure of the fleet: the lines have a gap
// there, and a faint one shows what is known.
func (w *window) put(i int, v interval) {
	if v.expects > 0 {
		w.coverage[i] = float64(v.present) / float64(v.expects)
	}
	if v.present == 0 {
		return
	}
	if v.present < v.expects {
		w.ghost[i] = v.sent
		return
	}
	w.sent[i], w.answered[i] = v.sent, v.answered
	if v.p99 > 0 {
		w.p50[i], w.p95[i], w.p99[i] = v.p50, v.p95, v.p99
	}
}

func (w *window) putPoint(i int, c *fleet.Carrier, at int) {
	if c == nil {
		return
	}
	p := pointAt(c, at)
	if p == nil {
		return
	}
	w.sent[i], w.answered[i] = float64(p.Requests), float64(p.Requests-p.Errors)
	if p.P99US > 0 {
		w.p50[i], w.p99[i] = float64(p.P50US), float64(p.P99US)
	}
}

// worthMark tells which events the charts show.
func worthMark(k fleet.EventKind) bool {
	switch k {
	case fleet.EventAdjusted, fleet.EventPaused, fleet.EventResumed, fleet.EventStopped, fleet.EventLost, fleet.EventKilled, fleet.EventAdopted, fleet.EventLate:
		return true
	}
	return false
}

// coverage is the share of the drivers whose snapshots the newest figures contain; 1 before there are any.
func (v *runView) coverage() float64 {
	if v.latest.expects == 0 {
		return 1
	}
	return float64(v.latest.present) / float64(v.latest.expects)
}

// failedCount is errors and unexpected responses.
func (v *runView) failedCount() int64 {
	return v.total.Requests - v.total.Responses + v.total.Unexpected
}
