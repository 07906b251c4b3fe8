package gateway

import (
	"maps"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report"
)

// Run is a run as the API shows it.
type Run struct {
	TestID        string                  `json:"test_id"`
	Name          string                  `json:"name,omitempty"`
	Kind          string                  `json:"kind"`
	Target        string                  `json:"target"`
	Phase         string                  `json:"phase" enum:"configured,started,draining,finished,refused"`
	Outcome       string                  `json:"outcome,omitempty"`
	Paused        bool                    `json:"paused"`
	By            string                  `json:"by" doc:"who triggered it"`
	Conductor     string                  `json:"conductor"`
	HelmBy        string                  `json:"helm_by,omitempty" doc:"who controls the run: who triggered it, or adopted it"`
	AtHelm        bool                    `json:"at_helm" doc:"this orchestrator conducts it"`
	StoppedBy     string                  `json:"stopped_by,omitempty"`
	StopReason    string                  `json:"stop_reason,omitempty"`
	ConfiguredAt  time.Time               `json:"configured_at"`
	StartedAt     *time.Time              `json:"started_at,omitempty" doc:"of its first request; up to some seconds in the future"`
	EndedAt       *time.Time              `json:"ended_at,omitempty"`
	UntilUS       int64                   `json:"until_us,omitempty" doc:"since started_at, when its plan ends by itself"`
	WarmupUS      int64                   `json:"warmup_us,omitempty" doc:"since started_at; counted in the totals, left out of rates, latencies, thresholds and comparisons"`
	Drivers       []string                `json:"drivers"`
	Requests      int64                   `json:"requests"`
	Responses     int64                   `json:"responses"`
	Errors        int64                   `json:"errors"`
	ErrorsByClass map[loadgen.Class]int64 `json:"errors_by_class,omitempty"`
	Statuses      map[string]int64        `json:"statuses,omitempty"`
	Unexpected    int64                   `json:"unexpected" doc:"responses that fail the spec's expectations"`
	Failed        int64                   `json:"failed" doc:"errors and unexpected responses"`
	Dropped       int64                   `json:"dropped"`
	Users         int                     `json:"users,omitempty" doc:"virtual users at the end of the newest interval that every driver reported"`
	Iterations    int64                   `json:"iterations,omitempty" doc:"of virtual users, that ended"`
	IterationsBad int64                   `json:"iterations_failed,omitempty" doc:"iterations that failed"`
	RateRPS       float64                 `json:"rate_rps" doc:"in the newest interval that every driver reported"`
	AskedRPS      float64                 `json:"asked_rps,omitempty" doc:"what the plan asked for in it"`
	FailedRPS     float64                 `json:"failed_rps,omitempty" doc:"failed requests in it"`
	DurationMS    int64                   `json:"duration_ms,omitempty" doc:"how long the load lasted, in the report"`
	MeanRPS       float64                 `json:"mean_rps,omitempty" doc:"rate over that time, without the warm-up, in the report"`
	MeanAskedRPS  float64                 `json:"mean_asked_rps,omitempty" doc:"what the plan asked for over that time"`
	Coverage      float64                 `json:"coverage" doc:"of that interval's drivers"`
	Latency       report.Latency          `json:"latency_us"`
	LagP99US      int64                   `json:"lag_p99_us" doc:"of the whole run: how late requests were sent"`
	Limited       []string                `json:"limited,omitempty" doc:"why the drivers, not the target, were the bottleneck"`
	Intervals     int                     `json:"intervals"`
	Thresholds    []Condition             `json:"thresholds,omitempty" doc:"how they stand now, or stood at the end"`
}

func (g *Gateway) viewRun(r *fleet.Run) Run {
	v := Run{
		TestID: r.ID, Name: r.Spec.Name, Kind: string(r.Spec.Kind), Target: r.Spec.Target, Phase: string(r.Phase), Paused: r.Paused,
		By: r.By, Conductor: r.Conductor, HelmBy: r.HelmBy, AtHelm: r.Active() && r.Conductor == g.o.ID(), StoppedBy: r.StopBy,
		StopReason: r.StopWhy, ConfiguredAt: r.ConfigAt.UTC(), StartedAt: moment(r.T0), EndedAt: moment(r.EndedAt),
		Drivers: append([]string{}, r.Config.Drivers...), Requests: r.Total.Requests, Responses: r.Total.Responses,
		Errors: errorsOf(r.Total), ErrorsByClass: counted(r.Total.Errors), Statuses: counted(r.Total.Statuses), Unexpected: r.Total.Unexpected, Failed: errorsOf(r.Total) + r.Total.Unexpected,
		Iterations: r.Total.Iterations, IterationsBad: r.Total.IterationsFailed,
		Dropped: r.Total.Dropped, Latency: report.Percentiles(r.Latency), LagP99US: r.Lag.Quantile(0.99), Limited: limits(r), Intervals: r.Intervals.Len(),
	}
	v.WarmupUS = r.Spec.Warmup.Std().Microseconds()
	if p := r.Plan(); p != nil {
		v.UntilUS = p.UntilUS
	}
	end := g.outcomes.of(r)
	v.DurationMS, v.MeanRPS, v.MeanAskedRPS = end.DurationMS, end.RateRPS, end.AskedRPS
	if v.Outcome = string(end.Outcome); v.Requests == 0 { // it ended before this process started, so its snapshots were not read
		v.Requests, v.Failed, v.Latency = end.Requests, end.Failed, end.Latency
	}
	if v.Thresholds = end.conditions; r.Report == nil {
		v.Thresholds = viewThresholds(report.Conditions(r, g.o.Now()))
	}
	if n, in := newest(r); in != nil {
		v.Users = in.Users
		v.RateRPS, v.AskedRPS, v.Coverage = float64(in.Delta.Requests), float64(asked(r, n)), coverage(in)
		v.FailedRPS = float64(errorsOf(in.Delta) + in.Delta.Unexpected)
	}
	return v
}

// newest returns the number and the figures of the latest complete interval of a run in progress; nil: none yet.
func newest(r *fleet.Run) (n int, in *fleet.Interval) {
	for i := r.Intervals.Len() - 1; i >= 0 && r.Active(); i-- {
		if in := r.Intervals.At(i); in.Present > 0 && (in.Present >= in.Expected || i < r.Intervals.Len()-2) {
			return i, in
		}
	}
	return 0, nil
}

// counted returns a copy of the counts that are not zero; nil if there are none.
func counted[K comparable](all map[K]int64) map[K]int64 {
	var some map[K]int64
	for k, n := range all {
		if n != 0 {
			if some == nil {
				some = map[K]int64{}
			}
			some[k] = n
		}
	}
	return some
}

// limits returns the distinct reasons why drivers were the bottleneck in the newest seconds, sorted.
func limits(r *fleet.Run) []string {
	reasons := map[string]bool{}
	for _, c := range r.Drivers {
		for _, reason := range c.Reasons {
			reasons[reason] = reasons[reason] || r.Limited(c)
		}
	}
	maps.DeleteFunc(reasons, func(_ string, limited bool) bool { return !limited })
	return slices.Sorted(maps.Keys(reasons))
}
