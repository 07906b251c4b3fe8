package gateway

import (
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
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
	Liveness       string            `json:"liveness" enum:"alive,late,lost,left,killed"`
	State          string            `json:"state"`
	TestID         string            `json:"test_id,omitempty"`
	SeenAt         time.Time         `json:"seen_at"`
	RateRPS        float64           `json:"rate_rps"`
	P99US          int64             `json:"p99_us"`
	Requests       int64             `json:"requests"`
	Errors         int64             `json:"errors" doc:"requests without a response"`
	Failed         int64             `json:"failed" doc:"errors and unexpected responses"`
	CPU            float64           `json:"cpu" doc:"share of one core"`
	RSSBytes       int64             `json:"rss_bytes"`
	Note           string            `json:"note,omitempty"`
	Signed         bool              `json:"signed" doc:"a fleet key signs what it says, and this process has verified it"`
	KeyRing        int64             `json:"key_ring,omitempty" doc:"version of the fleet's key ring in force; none: unsigned commands are accepted"`
}

func viewDriver(d *fleet.Driver) Driver {
	h := d.Heartbeat
	return Driver{
		NodeID: d.NodeID, Host: d.Host, Version: d.Version, OS: d.OS, Cores: d.Cores, Labels: d.Labels, AllowTargets: d.AllowTargets,
		MaxRateRPS: d.MaxRateRPS, MaxConnections: d.MaxConnections, MaxDurationUS: d.MaxDurationUS, Liveness: string(d.Liveness),
		State: string(h.State), TestID: h.TestID, SeenAt: d.SeenAt.UTC(), RateRPS: h.RateRPS, P99US: h.P99US, Requests: h.Requests,
		Errors: h.Errors, Failed: h.Failed, CPU: h.CPU, RSSBytes: h.RSSBytes, Note: h.Note, Signed: h.SignedBy() != nil, KeyRing: h.KeyRing,
	}
}

func coverage(in *fleet.Interval) float64 {
	if in.Expected == 0 {
		return 1
	}
	return min(float64(in.Present)/float64(in.Expected), 1)
}

// moment returns a time for JSON; nil if it is zero.
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
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Severity string    `json:"severity" enum:"bad,warning,change,good,note" doc:"How much it matters."`
	NodeID   string    `json:"node_id,omitempty"`
	TestID   string    `json:"test_id,omitempty"`
	By       string    `json:"by,omitempty"`
	Text     string    `json:"text"`
}

func viewEvent(e fleet.Event) Event {
	return Event{At: e.At.UTC(), Kind: string(e.Kind), Severity: string(e.Kind.Severity()), NodeID: e.NodeID, TestID: e.TestID, By: e.By, Text: e.Text}
}
