package sample

import (
	"maps"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
)

// Run is a copy of the visible part of a run.
type Run struct {
	ID, Name, Target, By, Helm string
	Kind                       loadgen.Kind
	Phase                      fleet.Phase
	Paused, Mine, Active       bool
	T0                         time.Time // zero: not started
	Elapsed, Until             time.Duration
	Warmup                     time.Duration
	HelmGone                   time.Duration // time since the last sign of the orchestrator at the helm; 0: it is present, or is this one
	stopBy, stopWhy            string
	AskedNow                   float64 // current rate of the plan
	Count                      int64   // number of requests, if that ends the run
	Total                      loadgen.Counts
	Latest                     Interval // the newest complete one
	Whole                      Interval // latencies since T0
	Conditions                 []Condition
	Drivers, Holding           int
	MaxInFlight                int64 // requests that can be in flight at once; 0: not known
	Answers                    []answer
	Limited                    []string  // why drivers are the limit, if they were in the newest seconds
	busy                       string    // that due requests wait for a free connection; "": they do not
	Failures                   []Failure // why requests failed, the most frequent reasons first
	Steps                      []Step    // by request or step; none: they have no names
	Users                      *Users    // nil: the spec has no scenarios
	Search                     *Search   // nil: the run is not a capacity search
	Window                     Window
	Events                     []fleet.Event
	Done                       bool // there is a report
	Report                     []byte
}

// helmPatience is how long the orchestrator at the helm may be silent: several of its signs must be missing.
const helmPatience = 5 * node.HelmInterval

// answer is a driver's answer to a configuration.
type answer struct {
	ID, Refuse string
	Given      bool
}

// Interval is one second of the fleet.
type Interval struct {
	At                            int     // number of the interval
	asked, Sent, Answered, Failed float64 // per second
	planned                       float64 // rate of the plan in that second; 0: unknown, or there is none
	P50, P95, P99, Lag            float64
	dropped, InFlight             int64
	Present, Expects              int64 // drivers whose snapshots it contains, and expected drivers
}

// Whole returns the number of the first interval that may still be incomplete.
func Whole(r *fleet.Run, now time.Time) int {
	n := r.Intervals.Len()
	for n > 0 && n > r.Intervals.Len()-3 {
		i := r.Intervals.Figures(n - 1)
		ended := r.T0.Add(time.Duration(n) * time.Second)
		if i.Present >= i.Expected || now.Sub(ended) > 2*time.Second {
			break
		}
		n--
	}
	return n
}

func viewRun(st *fleet.State, r *fleet.Run, q Query, me string) *Run {
	v := &Run{
		ID: r.ID, Name: r.Spec.Name, Target: r.Spec.Target, By: r.By, Helm: r.HelmBy, Kind: r.Spec.Kind, Phase: r.Phase, Paused: r.Paused, Mine: r.Conductor == me,
		Active: r.Active(), T0: r.T0, Warmup: r.Spec.Warmup.Std(), stopBy: r.StopBy, stopWhy: r.StopWhy, Count: r.Spec.Count, Drivers: len(r.Drivers), Done: r.Report != nil, Report: r.Report,
	}
	v.Total = r.Total
	v.Total.Errors, v.Total.Statuses = maps.Clone(r.Total.Errors), maps.Clone(r.Total.Statuses)
	if !r.T0.IsZero() {
		v.Elapsed = st.Now().Sub(r.T0)
	}
	if !r.EndedAt.IsZero() {
		v.Elapsed = min(v.Elapsed, r.EndedAt.Sub(r.T0))
	}
	if silent := st.Now().Sub(r.HelmAt); v.Active && !v.Mine && silent > helmPatience {
		v.HelmGone = silent
	}
	v.Events = slices.Clone(r.Events[max(0, len(r.Events)-64):])
	if v.Active {
		v.Conditions = conditionsOf(r, st.Now())
		v.Whole.P50, v.Whole.P95, v.Whole.P99 = float64(r.Latency.Quantile(.5)), float64(r.Latency.Quantile(.95)), float64(r.Latency.Quantile(.99))
	}
	v.takePlan(r)
	v.takeCarriers(r)
	v.takeUsers(r)
	v.Search = q.Searches.follow(r)
	v.takeWindow(r, q, st.Now())
	v.takeLimits(r)
	return v
}

func (v *Run) takePlan(r *fleet.Run) {
	p := r.Plan()
	if p == nil {
		return
	}
	v.Until = untilOf(r)
	if u := r.Unpaused(); u != nil && len(u.Schedule) > 0 && len(r.Spec.Scenarios) == 0 { // which schedule users or iterations, not requests
		since := v.Elapsed - time.Duration(u.FromUS)*time.Microsecond
		v.AskedNow = loadgen.Schedule(u.Schedule).Rate(max(since, 0))
	}
}

// AskedThen returns the rate of the plan in the newest complete second, to compare it with the rate of that second. Without one it is the
// current rate of the plan.
func (v *Run) AskedThen() float64 {
	if v.AskedNow == 0 || v.Latest.planned == 0 {
		return v.AskedNow
	}
	return v.Latest.planned
}

// Behind reports whether clearly fewer requests were sent in the newest complete second than were asked for. If the rate was changed within it,
// what the drivers counted as asked for decides.
func (v *Run) Behind() bool {
	asked := v.AskedThen()
	if v.Coverage() == 1 && v.Latest.asked > 0 {
		asked = min(asked, v.Latest.asked)
	}
	return v.Latest.Sent < .95*asked
}

func (v *Run) takeCarriers(r *fleet.Run) {
	failures := failureCounts{}
	for _, c := range r.Drivers {
		if c.Holds() {
			v.Holding++
		}
		failures.add(c.Failures)
		if r.T0.IsZero() {
			a := answer{ID: c.NodeID}
			if c.Answer != nil {
				a.Given, a.Refuse = true, c.Answer.Refuse
			}
			v.Answers = append(v.Answers, a)
		}
	}
	v.Failures = failures.list()
	slices.SortFunc(v.Answers, func(a, b answer) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
}

// Newest is the number of the newest interval before end that has figures; -1: none has.
func Newest(r *fleet.Run, end int) int {
	for n := end - 1; n >= 0; n-- {
		i := r.Intervals.Figures(n)
		uncomputed := i.P99US == 0 && i.Delta.Responses > 0 // until the next tick
		if i.Present > 0 && !uncomputed && (untilOf(r) == 0 || time.Duration(n)*time.Second < untilOf(r)) {
			return n
		}
	}
	return -1
}

// untilOf returns the planned duration of a run; 0: it ends with its last request.
func untilOf(r *fleet.Run) time.Duration {
	if p := r.Plan(); p != nil {
		return time.Duration(p.UntilUS) * time.Microsecond
	}
	return 0
}

func intervalOf(n int, i fleet.Interval) Interval {
	failed := i.Delta.Requests - i.Delta.Responses + i.Delta.Unexpected
	return Interval{
		At: n, asked: float64(i.Asked), Sent: float64(i.Delta.Requests), Answered: float64(i.Delta.Responses), Failed: float64(failed),
		P50: float64(i.P50US), P95: float64(i.P95US), P99: float64(i.P99US), Lag: float64(i.LagP99US),
		dropped: i.Delta.Dropped, InFlight: int64(i.InFlight), Present: int64(i.Present), Expects: int64(i.Expected),
	}
}

// Coverage returns the fraction of the drivers whose snapshots the newest figures contain; 1 before there are
// any.
func (v *Run) Coverage() float64 {
	if v.Latest.Expects == 0 {
		return 1
	}
	return float64(v.Latest.Present) / float64(v.Latest.Expects)
}

// StopWhy returns why the run was stopped, or why it was not started; "": it was not stopped.
func (v *Run) StopWhy() string { return v.stopWhy }

// FailedCount returns the number of errors and unexpected responses.
func (v *Run) FailedCount() int64 {
	return v.Total.Requests - v.Total.Responses + v.Total.Unexpected
}

// Mean returns the requests per second over the whole run.
func (r *Run) Mean() float64 {
	lasted := r.lasted()
	if lasted <= 0 {
		return 0
	}
	return float64(r.Total.Requests) / lasted.Seconds()
}

// lasted returns how long requests have been sent so far.
func (r *Run) lasted() time.Duration {
	if r.Until > 0 {
		return min(r.Elapsed, r.Until)
	}
	return r.Elapsed
}

// KindWord returns the name of a kind of run in headings.
func KindWord(k loadgen.Kind) string {
	if k == loadgen.Tsunami {
		return "Tsunami"
	}
	return "Avalanche"
}
