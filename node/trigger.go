package node

import (
	"fmt"
	"time"

	"landfall/loadgen"
)

// Action is what a trigger record asks for.
type Action string

// The actions. Kill is for one driver, all others are for a run.
const (
	Start  Action = "start"
	Stop   Action = "stop"
	Adjust Action = "adjust" // the next plan: another rate, or the share of a lost driver
	Pause  Action = "pause"  // the next plan, with nothing to do
	Resume Action = "resume"
	Adopt  Action = "adopt" // another orchestrator takes the helm
	Kill   Action = "kill"  // a driver ends its process: at once, or after draining
)

// StartValidity is how old a start may be when a driver reads it (by the broker's clock) and still be obeyed.
const StartValidity = 10 // seconds

// Trigger is a record of the one topic whose order decides. ID makes a retried record harmless.
type Trigger struct {
	Header
	ID        string `json:"id"`
	Action    Action `json:"action"`
	TestID    string `json:"test_id,omitempty"`
	NodeID    string `json:"node_id,omitempty"` // kill
	BootID    string `json:"boot_id,omitempty"` // kill: of the process meant, so that its successor lives
	Drain     bool   `json:"drain,omitempty"`   // kill
	By        string `json:"by"`
	Conductor string `json:"conductor,omitempty"` // id of the orchestrator that writes; start and adopt name the one at the helm
	Epoch     int    `json:"epoch"`               // of the helm: 1 with start, one more with each adopt. Lower ones than the newest are ignored
	Reason    string `json:"reason,omitempty"`
	Aborted   bool   `json:"aborted,omitempty"` // stop: an abort condition, not a person, ended the run
	Over      bool   `json:"over,omitempty"`    // stop: the run has ended; this is for drivers that were away and still carry it
	T0US      int64  `json:"t0_us,omitempty"`   // start: broker's clock, microseconds since 1970
	Plan      *Plan  `json:"plan,omitempty"`    // start, adjust, pause, resume
}

// Plan divides a run among drivers, from an instant on. A new one replaces it whole.
type Plan struct {
	Seq      int             `json:"seq"`                // 0 with start
	FromUS   int64           `json:"from_us"`            // since T0
	UntilUS  int64           `json:"until_us,omitempty"` // since T0; 0: no limit
	Schedule []loadgen.Stage `json:"schedule,omitempty"`
	Shares   []NodeShare     `json:"shares"`
}

// NodeShare is one driver's part of a plan. Its place in the plan is its Index, the number of shares its Of.
type NodeShare struct {
	NodeID      string `json:"node_id"`
	BootID      string `json:"boot_id,omitempty"` // of the process meant: another one of this name has no share
	Connections int    `json:"connections"`
	Quota       int64  `json:"quota,omitempty"` // since T0; 0: no limit
}

func (t *Trigger) address() (Topic, string) {
	if t.Action == Kill {
		return TopicTrigger, t.NodeID
	}
	return TopicTrigger, t.TestID
}

func (t *Trigger) check() error {
	cleanAll(240, &t.By, &t.Reason)
	if err := inRange("epoch", t.Epoch, 0, 1<<30); err != nil {
		return err
	}
	switch t.Action {
	case Kill:
		return checkIDs("id", t.ID, "node_id", t.NodeID)
	case Stop:
		return checkIDs("id", t.ID, "test_id", t.TestID)
	case Adopt:
		return checkIDs("id", t.ID, "test_id", t.TestID, "conductor", t.Conductor)
	case Start, Adjust, Pause, Resume:
		if err := inRange("t0_us", t.T0US, 0, maxMoment); err != nil {
			return err
		}
		if t.Plan == nil {
			return fmt.Errorf("plan: missing: %s needs one", t.Action)
		}
		if err := t.Plan.check(); err != nil {
			return err
		}
		return checkIDs("id", t.ID, "test_id", t.TestID, "conductor", t.Conductor)
	}
	return fmt.Errorf("action %q: not known", Clean(string(t.Action), 20))
}

// maxMoment is the year 3000 in microseconds: JSON has no times beyond the year 9999.
const maxMoment = 32_503_680_000_000_000

const week = int64(7 * 24 * time.Hour / time.Microsecond)

func (p *Plan) check() error {
	if err := inRange("plan.seq", p.Seq, 0, 1<<20); err != nil {
		return err
	}
	if err := inRange("plan.shares", len(p.Shares), 1, 10000); err != nil {
		return err
	}
	if err := inRange("plan.from_us", p.FromUS, 0, week); err != nil {
		return err
	}
	if err := inRange("plan.until_us", p.UntilUS, 0, week); err != nil {
		return err
	}
	if err := inRange("plan.schedule", len(p.Schedule), 0, 1000); err != nil {
		return err
	}
	for _, stage := range p.Schedule {
		if err := checkStage(stage); err != nil {
			return err
		}
	}
	for _, s := range p.Shares {
		if err := s.check(); err != nil {
			return err
		}
	}
	return inRange("plan.schedule: requests per second and driver", loadgen.Schedule(p.Schedule).Peak()/float64(len(p.Shares)), 0, maxShareRPS)
}

// maxShareRPS is more than any driver sends.
const maxShareRPS = 1e7

func checkStage(s loadgen.Stage) error {
	const most = 1e11 // ten thousand drivers with a gap of a microsecond each have 1e10
	if err := inRange("plan.schedule.duration_us", s.Duration.Std().Microseconds(), 0, week); err != nil {
		return err
	}
	if s.From != nil {
		if err := inRange("plan.schedule.from_rps", *s.From, 0, most); err != nil {
			return err
		}
	}
	return inRange("plan.schedule.to_rps", s.To, 0, most)
}

func (s NodeShare) check() error {
	if err := inRange("plan.shares.connections", s.Connections, 0, 1<<20); err != nil {
		return err
	}
	if err := inRange("plan.shares.quota", s.Quota, 0, 1<<50); err != nil {
		return err
	}
	if s.BootID != "" {
		if err := CheckID("plan.shares.boot_id", s.BootID); err != nil {
			return err
		}
	}
	return CheckID("plan.shares.node_id", s.NodeID)
}

// Of is a driver's part of the plan; nil: it has none.
func (p *Plan) Of(nodeID string) *NodeShare {
	for i := range p.Shares {
		if p.Shares[i].NodeID == nodeID {
			return &p.Shares[i]
		}
	}
	return nil
}

// Quota is how many requests the plan gives to a driver since T0; 0: no limit, or no share.
func (p *Plan) Quota(nodeID string) int64 {
	if s := p.Of(nodeID); s != nil {
		return s.Quota
	}
	return 0
}

// Boot is the process that a driver's share is meant for; "": any of that name, or no share.
func (p *Plan) Boot(nodeID string) string {
	if s := p.Of(nodeID); s != nil {
		return s.BootID
	}
	return ""
}

// Share is what the plan gives to one driver; false: nothing.
func (p *Plan) Share(nodeID string) (loadgen.Share, bool) {
	for i, s := range p.Shares {
		if s.NodeID == nodeID {
			return loadgen.Share{
				Seq: p.Seq, From: micros(p.FromUS), Until: micros(p.UntilUS), Schedule: p.Schedule,
				Connections: s.Connections, Quota: s.Quota, Index: i, Of: len(p.Shares),
			}, true
		}
	}
	return loadgen.Share{}, false
}

func micros(us int64) loadgen.Duration { return loadgen.Duration(us * int64(time.Microsecond)) }
