package tui

import (
	"maps"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
)

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
	whole                interval // latencies since T0
	conditions           []condition
	drivers, holding     int
	answers              []answer
	limited              []string // why drivers are the limit
	failures             []string // why connections could not be opened, in words
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
	at                            int     // its number
	asked, sent, answered, failed float64 // per second
	p50, p95, p99, lag            float64
	dropped, inFlight             int64
	present, expects              int64 // drivers whose snapshots it contains, of how many
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
	if v.active {
		v.conditions = conditionsOf(r, st.Now())
		v.whole.p50, v.whole.p95, v.whole.p99 = float64(r.Latency.Quantile(.5)), float64(r.Latency.Quantile(.95)), float64(r.Latency.Quantile(.99))
	}
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
		for _, f := range c.Failures {
			if why := node.Clean(string(f.Class)+": "+f.Why, 200); !slices.Contains(v.failures, why) && len(v.failures) < 4 {
				v.failures = append(v.failures, why)
			}
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
		v.limited = append(v.limited, node.Clean(limitText(ids, reason), 200))
	}
	slices.Sort(v.limited)
	slices.Sort(v.failures)
	v.limited = v.limited[:min(len(v.limited), 3)]
	slices.SortFunc(v.answers, func(a, b answer) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
}

// limitText says of which drivers what is the limit.
func limitText(ids []string, reason string) string {
	who := ids[0]
	if len(ids) > 1 {
		who, reason = figures.Plural(int64(len(ids)), "driver"), strings.Replace(reason, "its ", "their ", 1)
	}
	switch what, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(reason, "its "), "their "), ":"); what {
	case "connections":
		return who + " ran out of connections: due requests wait"
	case "schedule":
		return who + " sent late although connections were free"
	}
	return who + ": " + reason
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

func intervalOf(n int, i *fleet.Interval) interval {
	failed := i.Delta.Requests - i.Delta.Responses + i.Delta.Unexpected
	return interval{
		at: n, asked: float64(i.Asked), sent: float64(i.Delta.Requests), answered: float64(i.Delta.Responses), failed: float64(failed),
		p50: float64(i.P50US), p95: float64(i.P95US), p99: float64(i.P99US), lag: float64(i.LagP99US),
		dropped: i.Delta.Dropped, inFlight: int64(i.InFlight), present: int64(i.Present), expects: int64(i.Expected),
	}
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

// mean is requests per second over the whole run.
func (r *runView) mean() float64 {
	lasted := r.elapsed
	if r.until > 0 {
		lasted = min(lasted, r.until)
	}
	if lasted <= 0 {
		return 0
	}
	return float64(r.total.Requests) / lasted.Seconds()
}

func kindWord(k loadgen.Kind) string {
	if k == loadgen.Tsunami {
		return "Tsunami"
	}
	return "Avalanche"
}
