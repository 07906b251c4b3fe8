package node

import "landfall/loadgen"

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
	Drain     bool   `json:"drain,omitempty"`   // kill
	By        string `json:"by"`
	Conductor string `json:"conductor,omitempty"` // id of the orchestrator that writes; start and adopt name the one at the helm
	Epoch     int    `json:"epoch"`               // of the helm: 1 with start, one more with each adopt. Lower ones than the newest are ignored
	Reason    string `json:"reason,omitempty"`
	T0US      int64  `json:"t0_us,omitempty"` // start: broker's clock, microseconds since 1970
	Plan      *Plan  `json:"plan,omitempty"`  // start, adjust, pause, resume
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
	Connections int    `json:"connections"`
	Quota       int64  `json:"quota,omitempty"` // since T0; 0: no limit
}
