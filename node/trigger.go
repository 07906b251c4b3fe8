package node

import (
	"fmt"
	"slices"
	"time"

	"landfall/loadgen"
)

// Action is the command in a trigger record.
type Action string

// The actions. Kill addresses one driver, all others a run.
const (
	Start  Action = "start"
	Stop   Action = "stop"
	Adjust Action = "adjust" // the next plan: another rate, or the reassigned share of a lost driver
	Pause  Action = "pause"  // the next plan, without load
	Resume Action = "resume"
	Adopt  Action = "adopt" // another orchestrator takes control
	Kill   Action = "kill"  // a driver exits: immediately, or after draining
)

// StartValidity is the maximum age of a start, by the broker's clock, when a driver reads it. Older ones are ignored.
const StartValidity = 10 // seconds

// Trigger is a record of the topic whose order is authoritative. ID makes duplicates of a record harmless.
type Trigger struct {
	Header
	ID        string `json:"id"`
	Action    Action `json:"action"`
	TestID    string `json:"test_id,omitempty"`
	NodeID    string `json:"node_id,omitempty"` // kill
	BootID    string `json:"boot_id,omitempty"` // kill: the process to exit, so that its successor survives
	Drain     bool   `json:"drain,omitempty"`   // kill
	By        string `json:"by"`
	Conductor string `json:"conductor,omitempty"` // id of the orchestrator that sent it; after start and adopt, this one controls the run
	Epoch     int    `json:"epoch"`               // of the helm: 1 at the start, one more with each adopt. Lower ones than the latest are ignored
	Reason    string `json:"reason,omitempty"`
	Aborted   bool   `json:"aborted,omitempty"` // stop: caused by an abort condition, not by a person
	Over      bool   `json:"over,omitempty"`    // stop: the run has ended; for drivers that were offline and still execute it
	T0US      int64  `json:"t0_us,omitempty"`   // start: broker's clock, microseconds since 1970
	Plan      *Plan  `json:"plan,omitempty"`    // start, adjust, pause, resume
}

// Plan divides a run among drivers, from a given time on. A new plan replaces the whole previous one.
type Plan struct {
	Seq      int             `json:"seq"`                // 0 with start
	FromUS   int64           `json:"from_us"`            // since T0
	UntilUS  int64           `json:"until_us,omitempty"` // since T0; 0: no limit
	Schedule []loadgen.Stage `json:"schedule,omitempty"`
	Loads    loadgen.Loads   `json:"loads,omitempty"` // by scenario, if they have their own; Schedule is then the sum of those with a rate, or of all users
	Shares   []NodeShare     `json:"shares"`
	Lost     []Loss          `json:"lost,omitempty"` // drivers whose shares this plan reassigns because they were lost
}

// Loss says when and why a driver was lost, as its orchestrator found it: processes that start later do not read the heartbeats that showed it.
type Loss struct {
	NodeID string `json:"node_id"`
	AtUS   int64  `json:"at_us"` // since T0
	Reason string `json:"reason"`
}

// NodeShare is one driver's part of a plan. Its position in the plan is its Index, the number of shares its Of.
type NodeShare struct {
	NodeID      string `json:"node_id"`
	BootID      string `json:"boot_id,omitempty"` // of the process that has the share: another process with this name has none
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
			return fmt.Errorf("plan: missing, but required by %s", t.Action)
		}
		if err := t.Plan.check(); err != nil {
			return err
		}
		return checkIDs("id", t.ID, "test_id", t.TestID, "conductor", t.Conductor)
	}
	return fmt.Errorf("action %q: unknown", Clean(string(t.Action), 20))
}

// maxMoment is the year 3000 in microseconds: JSON cannot represent times after the year 9999.
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
	if err := p.checkLoads(); err != nil {
		return err
	}
	for _, s := range p.Shares {
		if err := s.check(); err != nil {
			return err
		}
	}
	if err := p.checkLost(); err != nil {
		return err
	}
	return inRange("plan.schedule: requests per second and driver", loadgen.Schedule(p.Schedule).Peak()/float64(len(p.Shares)), 0, maxShareRPS)
}

func (p *Plan) checkLost() error {
	if err := inRange("plan.lost", len(p.Lost), 0, 10000); err != nil {
		return err
	}
	for i := range p.Lost {
		l := &p.Lost[i]
		cleanAll(240, &l.Reason)
		if err := inRange("plan.lost.at_us", l.AtUS, 0, week); err != nil {
			return err
		}
		if err := CheckID("plan.lost.node_id", l.NodeID); err != nil {
			return err
		}
	}
	return nil
}

// checkLoads bounds the loads of scenarios.
func (p *Plan) checkLoads() error {
	if err := inRange("plan.loads", len(p.Loads), 0, 32); err != nil {
		return err
	}
	stages := 0
	for _, l := range p.Loads {
		if stages += len(l.Schedule); stages > 1000 {
			return fmt.Errorf("plan.loads: more than 1000 stages")
		}
		for _, stage := range l.Schedule {
			if err := checkStage(stage); err != nil {
				return err
			}
		}
		if l.Held {
			if err := inRange("plan.loads: users", loadgen.Schedule(l.Schedule).Peak(), 0, loadgen.MaxUsers); err != nil {
				return err
			}
		}
	}
	return inRange("plan.loads: users per second and driver", p.Loads.Peak()/float64(len(p.Shares)), 0, maxShareRPS)
}

// PeakRate is the highest rate of the plan in requests (with scenarios, users) per second of the fleet. It is 0 for an avalanche.
func (p *Plan) PeakRate() float64 {
	return max(p.Loads.Peak(), loadgen.Schedule(p.Schedule).Peak())
}

// maxShareRPS is more than any driver can send.
const maxShareRPS = 1e7

func checkStage(s loadgen.Stage) error {
	const most = 1e11 // ten thousand drivers with a gap of a microsecond each make 1e10
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

// Of returns a driver's part of the plan, or nil.
func (p *Plan) Of(nodeID string) *NodeShare {
	for i := range p.Shares {
		if p.Shares[i].NodeID == nodeID {
			return &p.Shares[i]
		}
	}
	return nil
}

// Quota returns the number of requests that the plan assigns to a driver since T0; 0: no limit, or no share.
func (p *Plan) Quota(nodeID string) int64 {
	if s := p.Of(nodeID); s != nil {
		return s.Quota
	}
	return 0
}

// Boot returns the process that has a driver's share; "": any with that name, or no share.
func (p *Plan) Boot(nodeID string) string {
	if s := p.Of(nodeID); s != nil {
		return s.BootID
	}
	return ""
}

// Due returns how many of a driver's requests become due within since of the start of the plan.
func (p *Plan) Due(nodeID string, since time.Duration) int64 {
	index := slices.IndexFunc(p.Shares, func(s NodeShare) bool { return s.NodeID == nodeID })
	switch {
	case index < 0:
		return 0
	case p.Loads != nil:
		return p.Loads.Due(since, index, len(p.Shares))
	}
	return loadgen.PartOf(loadgen.Schedule(p.Schedule).Count(since), int64(index), int64(len(p.Shares)))
}

// Share returns a driver's share of the plan; false: it has none.
func (p *Plan) Share(nodeID string) (loadgen.Share, bool) {
	for i, s := range p.Shares {
		if s.NodeID == nodeID {
			return loadgen.Share{
				Seq: p.Seq, From: micros(p.FromUS), Until: micros(p.UntilUS), Schedule: p.Schedule, Loads: p.Loads,
				Connections: s.Connections, Quota: s.Quota, Index: i, Of: len(p.Shares),
			}, true
		}
	}
	return loadgen.Share{}, false
}

func micros(us int64) loadgen.Duration { return loadgen.Duration(us * int64(time.Microsecond)) }
