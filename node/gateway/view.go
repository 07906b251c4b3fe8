package gateway

import (
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report"
)

// Driver is a driver as the API shows it.
type Driver struct {
	NodeID         string            `json:"node_id"`
	Host           string            `json:"host"`
	Version        string            `json:"version"`
	OS             string            `json:"os"`
	Cores          float64           `json:"cores"`
	Labels         map[string]string `json:"labels"`
	AllowTargets   []string          `json:"allow_targets"`
	MaxRateRPS     float64           `json:"max_rate_rps" doc:"0: no cap"`
	MaxConnections int               `json:"max_connections" doc:"0: no cap"`
	MaxDurationUS  int64             `json:"max_duration_us" doc:"0: no cap"`
	Liveness       string            `json:"liveness" enum:"alive,late,lost,left"`
	State          string            `json:"state"`
	TestID         string            `json:"test_id,omitempty"`
	SeenAt         time.Time         `json:"seen_at"`
	RateRPS        float64           `json:"rate_rps"`
	P99US          int64             `json:"p99_us"`
	Requests       int64             `json:"requests"`
	Errors         int64             `json:"errors"`
	CPU            float64           `json:"cpu" doc:"share of one core"`
	RSSBytes       int64             `json:"rss_bytes"`
	Note           string            `json:"note,omitempty"`
}

func viewDriver(d *fleet.Driver) Driver {
	h := d.Heartbeat
	return Driver{
		NodeID: d.NodeID, Host: d.Host, Version: d.Version, OS: d.OS, Cores: d.Cores, Labels: d.Labels, AllowTargets: d.AllowTargets,
		MaxRateRPS: d.MaxRateRPS, MaxConnections: d.MaxConnections, MaxDurationUS: d.MaxDurationUS, Liveness: string(d.Liveness),
		State: string(h.State), TestID: h.TestID, SeenAt: d.SeenAt.UTC(), RateRPS: h.RateRPS, P99US: h.P99US, Requests: h.Requests,
		Errors: h.Errors, CPU: h.CPU, RSSBytes: h.RSSBytes, Note: h.Note,
	}
}

// Run is a run as the API shows it.
type Run struct {
	TestID       string         `json:"test_id"`
	Name         string         `json:"name,omitempty"`
	Kind         string         `json:"kind"`
	Target       string         `json:"target"`
	Phase        string         `json:"phase" enum:"configured,started,draining,finished,refused"`
	Outcome      string         `json:"outcome,omitempty"`
	Paused       bool           `json:"paused"`
	By           string         `json:"by"`
	Conductor    string         `json:"conductor"`
	AtHelm       bool           `json:"at_helm" doc:"this orchestrator conducts it"`
	ConfiguredAt time.Time      `json:"configured_at"`
	StartedAt    *time.Time     `json:"started_at,omitempty"`
	EndedAt      *time.Time     `json:"ended_at,omitempty"`
	Drivers      []string       `json:"drivers"`
	Requests     int64          `json:"requests"`
	Responses    int64          `json:"responses"`
	Errors       int64          `json:"errors"`
	Unexpected   int64          `json:"unexpected"`
	Dropped      int64          `json:"dropped"`
	RateRPS      float64        `json:"rate_rps" doc:"in the newest interval that every driver reported"`
	Coverage     float64        `json:"coverage" doc:"of that interval's drivers"`
	Latency      report.Latency `json:"latency_us"`
	Intervals    int            `json:"intervals"`
}

func (g *Gateway) viewRun(r *fleet.Run) Run {
	v := Run{
		TestID: r.ID, Name: r.Spec.Name, Kind: string(r.Spec.Kind), Target: r.Spec.Target, Phase: string(r.Phase), Paused: r.Paused,
		By: r.By, Conductor: r.Conductor, AtHelm: r.Active() && r.Conductor == g.o.ID(), ConfiguredAt: r.ConfigAt.UTC(),
		StartedAt: moment(r.T0), EndedAt: moment(r.EndedAt), Drivers: append([]string{}, r.Config.Drivers...),
		Requests: r.Total.Requests, Responses: r.Total.Responses, Errors: errorsOf(r.Total), Unexpected: r.Total.Unexpected,
		Dropped: r.Total.Dropped, Latency: report.Percentiles(r.Latency), Intervals: len(r.Intervals),
	}
	end := g.outcomes.of(r)
	if v.Outcome = end.Outcome; v.Requests == 0 {
		v.Requests = end.Requests
	}
	for i := len(r.Intervals) - 1; i >= 0 && r.Active(); i-- {
		if in := r.Intervals[i]; in != nil && in.Present > 0 && (in.Present >= in.Expected || i < len(r.Intervals)-2) {
			v.RateRPS, v.Coverage = float64(in.Delta.Requests), coverage(in)
			break
		}
	}
	return v
}

func coverage(in *fleet.Interval) float64 {
	if in.Expected == 0 {
		return 1
	}
	return min(float64(in.Present)/float64(in.Expected), 1)
}

// moment is a time for JSON; nil: not yet.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func errorsOf(c loadgen.Counts) (n int64) {
	for _, k := range c.Errors {
		n += k
	}
	return n
}

// Event is an event as the API shows it.
type Event struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	NodeID string    `json:"node_id,omitempty"`
	TestID string    `json:"test_id,omitempty"`
	By     string    `json:"by,omitempty"`
	Text   string    `json:"text"`
}

func viewEvent(e fleet.Event) Event {
	return Event{At: e.At.UTC(), Kind: string(e.Kind), NodeID: e.NodeID, TestID: e.TestID, By: e.By, Text: e.Text}
}
