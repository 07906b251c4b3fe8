package node

import "landfall/loadgen"

// Config announces a run: its spec and the drivers chosen for it. They answer in their heartbeats.
type Config struct {
	Header
	TestID  string       `json:"test_id"`
	Drivers []string     `json:"drivers"`
	By      string       `json:"by"` // who: user@host, or a token's name
	Spec    loadgen.Spec `json:"spec"`
}
