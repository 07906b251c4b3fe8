// Package report builds the final, merged result of a run from the fleet's state. Its JSON form is published
// on the results topic; package render shows it as text, CSV and HTML.
package report

import (
	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/loadgen/hdr"
	"landfall/node/capacity"
	"landfall/node/findings"
)

// Outcome is how a run ended.
type Outcome string

// The outcomes of a run. Failed: a threshold was crossed, no request succeeded, or the run could not be
// carried out as asked; Thresholds and Reasons tell which.
const (
	Passed      Outcome = "passed"   // every threshold holds
	Finished    Outcome = "finished" // there is no threshold: nothing was proven
	Failed      Outcome = "failed"
	Running     Outcome = "running"     // still in progress: the report is partial
	Aborted     Outcome = "aborted"     // a threshold with abort ended it
	Interrupted Outcome = "interrupted" // stopped by a user
)

// Known reports whether o is one of the outcomes.
func (o Outcome) Known() bool {
	switch o {
	case Passed, Finished, Failed, Aborted, Interrupted, Running:
		return true
	}
	return false
}

// Schema is the version of the report's JSON.
const Schema = 1

// Report is the final, merged result of one run. Every request ends exactly once: Requests = Responses + the sum of
// Errors. Times since T0 and durations are integers with their unit in the JSON name.
type Report struct {
	Schema        int      `json:"schema"`
	Landfall      string   `json:"landfall"` // version
	TestID        string   `json:"test_id"`
	Kind          string   `json:"kind"`
	Outcome       Outcome  `json:"outcome"`
	Reasons       []string `json:"reasons"`
	Warnings      []string `json:"warnings"`      // reasons to doubt the figures, whatever the outcome
	StartedAtMS   int64    `json:"started_at_ms"` // since 1970, broker's clock; 0: never started
	DurationMS    int64    `json:"duration_ms"`
	StartSpreadUS int64    `json:"start_spread_us"` // between the first and the last driver's first request

	Requests     int64                    `json:"requests"`
	Responses    int64                    `json:"responses"`
	Errors       map[loadgen.Class]int64  `json:"errors"`        // all classes, including those with 0
	Unexpected   int64                    `json:"unexpected"`    // responses that fail the spec's expectations
	UnexpectedBy map[evidence.Cause]int64 `json:"unexpected_by"` // by the first problem: status, body or check
	Failed       int64                    `json:"failed"`        // errors + unexpected
	Dropped      int64                    `json:"dropped"`
	Retried      int64                    `json:"retried"` // requests sent again, because the target had not processed them; each counts once
	Unknown      int64                    `json:"unknown"` // upper bound of the requests that lost drivers may have sent without reporting them
	Statuses     map[string]int64         `json:"statuses"`
	BytesWritten int64                    `json:"bytes_written"`
	BytesRead    int64                    `json:"bytes_read"`

	RateRPS      float64        `json:"rate_rps"`       // requests ÷ the time in which they were sent and answered
	AskedRateRPS float64        `json:"asked_rate_rps"` // tsunami: the mean rate that the plans asked for
	Latency      Latency        `json:"latency_us"`
	Service      Latency        `json:"service_time_us"`
	Lag          Latency        `json:"schedule_lag_us"`
	Histogram    *hdr.Histogram `json:"histogram"` // of latency; Build and Parse never leave it nil

	Coverage    Coverage              `json:"coverage"`
	Generator   Generator             `json:"generator"`
	Failures    []Failure             `json:"failures"`  // why requests failed, the most frequent reasons first
	Exchanges   []evidence.Exchange   `json:"exchanges"` // the first requests that failed in each way
	Slowest     []evidence.Slow       `json:"slowest"`   // requests that were answered, the slowest first
	Thresholds  []Threshold           `json:"thresholds"`
	Named       []Named               `json:"named"`
	Classes     []Class               `json:"classes"`
	Drivers     []Driver              `json:"drivers"`
	Intervals   []Interval            `json:"intervals"`
	Findings    []findings.Finding    `json:"findings"`               // why the run went as it did, the strongest first
	TargetCount *int64                `json:"target_count,omitempty"` // by how much the target's own counter grew
	Capacity    *capacity.Certificate `json:"capacity,omitempty"`     // of a capacity search
	Blocks      []Block               `json:"blocks"`                 // of the measured part, for comparisons
	Scenarios   *Scenarios            `json:"scenarios,omitempty"`    // nil: the spec has none

	Spec loadgen.Spec `json:"spec"` // without secrets and long bodies
}

// Latency is a distribution in microseconds; all zero when nothing was measured.
type Latency struct {
	Min  int64 `json:"min"`
	Mean int64 `json:"mean"`
	P50  int64 `json:"p50"`
	P75  int64 `json:"p75"`
	P90  int64 `json:"p90"`
	P95  int64 `json:"p95"`
	P99  int64 `json:"p99"`
	P999 int64 `json:"p999"`
	Max  int64 `json:"max"`
}

// Coverage is how much of the run the percentiles cover, each from 0 to 1.
type Coverage struct {
	Drivers  float64 `json:"drivers"`  // of the drivers' intervals
	Requests float64 `json:"requests"` // of the responses counted
}

// Generator tells whether the drivers, not the target, were the limit.
type Generator struct {
	CPUUSPerRequest float64  `json:"cpu_us_per_request"`
	Limited         bool     `json:"limited"` // in more than 1 % of the seconds
	LimitedSeconds  int      `json:"limited_seconds"`
	Reasons         []string `json:"reasons"`
}

// Threshold is one condition of the spec with its judged value: microseconds for a latency, percent for a
// percentage, otherwise a count or requests per second.
type Threshold struct {
	Expr   string  `json:"expr"`
	Abort  bool    `json:"abort,omitempty"` // crossing it ends the run
	Value  float64 `json:"value"`
	Passed bool    `json:"passed"`
	Judged bool    `json:"judged"`            // false: there was nothing to judge
	FromMS int64   `json:"from_ms,omitempty"` // start of the judged time since T0; of the worst window, if it has windows
	ToMS   int64   `json:"to_ms,omitempty"`
}

// Named are the figures of one named request of the spec.
type Named struct {
	Name       string  `json:"name"`
	Requests   int64   `json:"requests"`
	Errors     int64   `json:"errors"`
	Unexpected int64   `json:"unexpected"`
	Latency    Latency `json:"latency_us"`
	Service    Latency `json:"service_time_us"`
	Blocks     []Block `json:"blocks,omitempty"` // like the report's; none with too many named requests
}

// Class is how long responses of one status class took.
type Class struct {
	Class     string  `json:"class"` // such as "2xx"
	Responses int64   `json:"responses"`
	Latency   Latency `json:"latency_us"`
	Service   Latency `json:"service_time_us"`
}

// The states of a driver at the end of a run.
const (
	StateFinished = "finished"
	StateLost     = "lost"
	StateReturned = "returned" // declared lost and its share reassigned; later it reconnected and reported to the end
	StateKilled   = "killed"   // an operator killed its process; what it had not reported is unknown
	StateLeft     = "left"     // asked to exit before the run ended; none of its requests are unknown
	StateRefused  = "refused"
	StateRunning  = "running" // it sent no final report
)

// Driver is one driver's part in the run.
type Driver struct {
	NodeID     string  `json:"node_id"`
	Host       string  `json:"host"`
	State      string  `json:"state"` // finished, lost, returned, killed, left, refused or running
	Requests   int64   `json:"requests"`
	Responses  int64   `json:"responses"`
	Errors     int64   `json:"errors"`
	Unexpected int64   `json:"unexpected"`
	Dropped    int64   `json:"dropped"`
	Unknown    int64   `json:"unknown"`
	Missing    int64   `json:"missing"` // snapshots that never arrived
	Latency    Latency `json:"latency_us"`
	CPUUS      int64   `json:"cpu_us"`
	Refusal    string  `json:"refusal,omitempty"`
	Note       string  `json:"note,omitempty"` // why it stopped early, as it reported
	// Failures are why requests failed, in words, such as "4 × connect: 10.0.0.1:80: connection refused".
	Failures []string `json:"failures,omitempty"`
}

// Interval is one second of the whole fleet. In the report of a run of more than ten hours it is a few seconds, with the
// percentiles of the slowest of them.
type Interval struct {
	AtMS       int64            `json:"at_ms"` // since T0
	Requests   int64            `json:"requests"`
	Responses  int64            `json:"responses"`
	Errors     int64            `json:"errors"`
	Unexpected int64            `json:"unexpected"`
	Dropped    int64            `json:"dropped"`
	Users      int              `json:"users,omitempty"`             // at its end
	Iterations int64            `json:"iterations,omitempty"`        // that ended
	IterFailed int64            `json:"iterations_failed,omitempty"` // of those
	IterP50US  int64            `json:"iteration_p50_us,omitempty"`  // of finished iterations; all three only in intervals of one second
	IterP95US  int64            `json:"iteration_p95_us,omitempty"`
	IterP99US  int64            `json:"iteration_p99_us,omitempty"`
	Checks     int64            `json:"checks,omitempty"` // made in steps
	BadChecks  int64            `json:"checks_failed,omitempty"`
	RateRPS    *float64         `json:"rate_rps,omitempty"`  // nil: the run ended, or its last requests were sent, within the interval
	AskedRPS   float64          `json:"asked_rps,omitempty"` // tsunami: the planned rate
	P50US      int64            `json:"p50_us"`
	P95US      int64            `json:"p95_us"`
	P99US      int64            `json:"p99_us"`
	Coverage   float64          `json:"coverage"`            // of the drivers with a share in it, 0 to 1
	Spread     *Spread          `json:"spread,omitempty"`    // of its responses by latency; nil: none, or the run was too long
	Parts      []Part           `json:"parts,omitempty"`     // by request, status class and driver label; none where there were too many for a report
	Scenarios  []ScenarioSecond `json:"scenarios,omitempty"` // if there are several, in the order of the spec
	Groups     []GroupSecond    `json:"groups,omitempty"`    // that had passes, in the order of the spec
	Events     []Event          `json:"events"`
}

// Event is something that happened during the run; events before T0 are in the first interval.
type Event struct {
	AtMS   int64  `json:"at_ms"` // since T0; negative before it
	Kind   string `json:"kind"`
	NodeID string `json:"node_id,omitempty"`
	By     string `json:"by,omitempty"`
	Text   string `json:"text"`
}

// ErrorCount returns the number of errors of all classes.
func (r *Report) ErrorCount() int64 { return sum(r.Errors) }

// Crossed reports whether a threshold was not met.
func (r *Report) Crossed() bool {
	for _, t := range r.Thresholds {
		if !t.Passed {
			return true
		}
	}
	return false
}

// OnlyCrossed reports whether thresholds are the only reason why the run failed.
func (r *Report) OnlyCrossed() bool { return len(r.Reasons) == len(crossings(r)) }

// Percentiles returns the percentiles of a histogram; zeros for nil or an empty one.
func Percentiles(h *hdr.Histogram) Latency {
	if h == nil || h.Count() == 0 {
		return Latency{}
	}
	return Latency{
		Min: h.Min(), Mean: int64(h.Mean()), Max: h.Max(),
		P50: h.Quantile(.50), P75: h.Quantile(.75), P90: h.Quantile(.90),
		P95: h.Quantile(.95), P99: h.Quantile(.99), P999: h.Quantile(.999),
	}
}

func sum[K comparable](m map[K]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}
