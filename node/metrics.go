package node

import "landfall/loadgen"

// Metrics carries one snapshot of one driver. (NodeID, BootID, Seq) is unique; repeats are dropped.
type Metrics struct {
	Header
	NodeID   string           `json:"node_id"`
	BootID   string           `json:"boot_id"`
	Seq      uint64           `json:"seq"` // counts from 1 within a run
	TestID   string           `json:"test_id"`
	AtUS     int64            `json:"at_us"`              // broker's clock, when it was taken
	StartUS  int64            `json:"start_us,omitempty"` // broker's clock, when the first request left
	Snapshot loadgen.Snapshot `json:"snapshot"`
}
