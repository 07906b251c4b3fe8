package node

import (
	"fmt"
	"strings"
	"time"
)

// DriverState is what a driver is doing.
type DriverState string

// The states of a driver, in the order of a run's life. Late and lost are not among them: others conclude those from silence.
const (
	Idle     DriverState = "idle"
	Armed    DriverState = "armed"
	Running  DriverState = "running"
	Paused   DriverState = "paused"
	Draining DriverState = "draining"
	Gone     DriverState = "gone" // last heartbeat of a driver: it has deregistered
)

// ProbeKey is the key of the record without a value that an orchestrator writes to the heartbeat topic to find out whether
// heartbeats can be written. It makes the record larger than a driver's heartbeat: on a nearly full disk it fails no later than
// those do.
var ProbeKey = strings.Repeat("-", 2<<10)

// HelmInterval is how often the orchestrator at the helm of an active run shows that it is there: with a record without a value, whose
// key is [HelmKey], on the heartbeat topic.
const HelmInterval = 2 * time.Second

const helmPrefix = "helm "

// HelmKey returns the key of the records with which an orchestrator shows that it is there.
func HelmKey(orchestrator string) string { return helmPrefix + orchestrator }

// HelmOf returns the orchestrator of a [HelmKey]; false: it is another key.
func HelmOf(key string) (orchestrator string, ok bool) { return strings.CutPrefix(key, helmPrefix) }

// Heartbeat is sent every second, and immediately after a change of state.
type Heartbeat struct {
	Header
	NodeID    string      `json:"node_id"`
	BootID    string      `json:"boot_id"`
	Seq       uint64      `json:"seq"` // counts from 1 for each boot: lower numbers than the latest are ignored
	State     DriverState `json:"state"`
	TestID    string      `json:"test_id,omitempty"`  // of the run in State
	PlanSeq   int         `json:"plan_seq,omitempty"` // latest plan in effect
	Answers   []Answer    `json:"answers,omitempty"`  // to configurations of the last minute
	RateRPS   float64     `json:"rate_rps,omitempty"` // in the last complete interval
	P99US     int64       `json:"p99_us,omitempty"`
	Errors    int64       `json:"errors,omitempty"` // so far in the run: requests without a response
	Failed    int64       `json:"failed,omitempty"` // errors and unexpected responses
	Requests  int64       `json:"requests,omitempty"`
	CPU       float64     `json:"cpu"` // of this process, in cores: 1.5 is one and a half
	RSSBytes  int64       `json:"rss_bytes,omitempty"`
	OffsetUS  int64       `json:"clock_offset_us"` // broker's clock minus this node's
	WithinUS  int64       `json:"clock_within_us"` // half the width of the offset's bounds; -1: unknown
	OutboxLen int         `json:"outbox,omitempty"`
	Lost      int64       `json:"outbox_lost,omitempty"` // snapshots dropped because the outbox was full
	Note      string      `json:"note,omitempty"`        // why it stopped
	KeyRing   int64       `json:"key_ring,omitempty"`    // version of the fleet's key ring in force; 0: none, so it executes unsigned commands
}

// Answer is a driver's response to a configuration that selects it.
type Answer struct {
	TestID string `json:"test_id"`
	Refuse string `json:"refuse,omitempty"` // empty: armed
}

func (h *Heartbeat) address() (Topic, string) { return TopicHeartbeat, h.NodeID }

func (h *Heartbeat) check() error {
	cleanAll(240, &h.Note)
	h.Answers = h.Answers[:min(len(h.Answers), 64)]
	for i := range h.Answers {
		cleanAll(240, &h.Answers[i].Refuse)
		if err := CheckID("answers.test_id", h.Answers[i].TestID); err != nil {
			return err
		}
	}
	switch h.State {
	case Idle, Armed, Running, Paused, Draining, Gone:
	default:
		return fmt.Errorf("state %q: unknown", Clean(string(h.State), 20))
	}
	if h.TestID != "" {
		if err := CheckID("test_id", h.TestID); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		field string
		v     float64
	}{{"key_ring", float64(h.KeyRing)}, {"rate_rps", h.RateRPS}, {"p99_us", float64(h.P99US)}, {"errors", float64(h.Errors)}, {"failed", float64(h.Failed)}, {"requests", float64(h.Requests)}, {"cpu", h.CPU}} {
		if err := inRange(f.field, f.v, 0, 1e18); err != nil {
			return err
		}
	}
	return checkIDs("node_id", h.NodeID, "boot_id", h.BootID)
}
