package node

import (
	"fmt"

	"landfall/loadgen"
)

// Metrics carries one snapshot of one driver. (NodeID, BootID, Seq) is unique; duplicates are dropped.
type Metrics struct {
	Header
	NodeID   string           `json:"node_id"`
	BootID   string           `json:"boot_id"`
	Seq      uint64           `json:"seq"` // counts from 1 within a run
	TestID   string           `json:"test_id"`
	AtUS     int64            `json:"at_us"`              // broker's clock, when the snapshot was taken
	StartUS  int64            `json:"start_us,omitempty"` // broker's clock, when the first request was sent
	Snapshot loadgen.Snapshot `json:"snapshot"`
}

func (m *Metrics) address() (Topic, string) { return TopicMetrics, m.NodeID }

// maxInterval is one week in seconds, the longest duration of a run.
const maxInterval = 7 * 24 * 3600

func (m *Metrics) check() error {
	s := &m.Snapshot
	if err := inRange("snapshot.interval", s.Interval, 0, maxInterval); err != nil {
		return err
	}
	for _, c := range []*loadgen.Counts{&s.Delta, &s.Total} {
		if err := checkCounts(c); err != nil {
			return err
		}
	}
	if err := checkEvidence(s); err != nil {
		return err
	}
	if err := inRange("snapshot.begun", s.Begun, 0, 1<<50); err != nil {
		return err
	}
	if err := inRange("snapshot.named", len(s.Named), 0, 256); err != nil {
		return err
	}
	if err := inRange("snapshot.classes", len(s.Classes), 0, 10); err != nil {
		return err
	}
	for i := range s.Classes {
		cleanAll(3, &s.Classes[i].Class)
	}
	if err := checkUsers(s); err != nil {
		return err
	}
	for i := range s.Named {
		cleanAll(120, &s.Named[i].Name)
	}
	s.Generator.Reasons = cleanList(s.Generator.Reasons, 8, 240)
	if err := inRange("snapshot.error_reasons", len(s.ErrorReasons), 0, 64); err != nil {
		return err
	}
	for i := range s.ErrorReasons {
		f := &s.ErrorReasons[i]
		if err := inRange("snapshot.error_reasons.count", f.Count, 0, 1<<50); err != nil {
			return err
		}
		f.Class = loadgen.Class(Clean(string(f.Class), 20))
		cleanAll(240, &f.Why)
	}
	return checkIDs("node_id", m.NodeID, "boot_id", m.BootID, "test_id", m.TestID)
}

// checkUsers checks the scenario part of a snapshot.
func checkUsers(s *loadgen.Snapshot) error {
	for _, f := range []struct {
		field   string
		n, most int
	}{{"snapshot.users", s.Users, loadgen.MaxUsers}, {"snapshot.checks", len(s.Checks), 512}, {"snapshot.failures", len(s.Failures), 64},
		{"snapshot.groups", len(s.Groups), loadgen.MaxGroups}, {"snapshot.scenarios", len(s.Scenarios), loadgen.MaxScenarios}} {
		if err := inRange(f.field, f.n, 0, f.most); err != nil {
			return err
		}
	}
	for i := range s.Checks {
		c := &s.Checks[i]
		cleanAll(120, &c.Step, &c.Check)
		if c.Passed < 0 || c.Failed < 0 {
			return fmt.Errorf("snapshot.checks %q: counts must not be negative", c.Check)
		}
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		cleanAll(120, &g.Name)
		if g.Failed < 0 {
			return fmt.Errorf("snapshot.groups %q: a count must not be negative", g.Name)
		}
	}
	for i := range s.Scenarios {
		c := &s.Scenarios[i]
		cleanAll(120, &c.Name)
		if min(int64(c.Users), c.Started, c.Finished, c.Failed, c.Interrupted, c.Dropped) < 0 {
			return fmt.Errorf("snapshot.scenarios %q: counts must not be negative", c.Name)
		}
	}
	for i := range s.Failures {
		f := &s.Failures[i]
		cleanAll(120, &f.Step, &f.Reason)
		if f.Count < 0 {
			return fmt.Errorf("snapshot.failures %q: a count must not be negative", f.Reason)
		}
	}
	return nil
}

func checkCounts(c *loadgen.Counts) error {
	for _, f := range []struct {
		field string
		v     int64
	}{{"requests", c.Requests}, {"responses", c.Responses}, {"unexpected", c.Unexpected}, {"dropped", c.Dropped}, {"retried", c.Retried},
		{"iterations", c.Iterations}, {"iterations_failed", c.IterationsFailed}, {"iterations_interrupted", c.IterationsInterrupted},
		{"bytes_written", c.BytesWritten}, {"bytes_read", c.BytesRead}} {
		if err := inRange(f.field, f.v, 0, 1<<60); err != nil {
			return err
		}
	}
	if err := inRange("statuses", len(c.Statuses), 0, 1000); err != nil {
		return err
	}
	if err := inRange("errors", len(c.Errors), 0, 16); err != nil {
		return err
	}
	if err := inRange("unexpected_by", len(c.UnexpectedBy), 0, 16); err != nil {
		return err
	}
	for cause, n := range c.UnexpectedBy {
		if len(cause) > 20 || !plain(string(cause)) || n < 0 {
			return fmt.Errorf("unexpected_by %q: must be a cause and a count", Clean(string(cause), 20))
		}
	}
	for status, n := range c.Statuses {
		if len(status) != 3 || n < 0 {
			return fmt.Errorf("statuses %q: must be three digits and a count", Clean(status, 20))
		}
	}
	for class, n := range c.Errors {
		if len(class) > 20 || !plain(string(class)) || n < 0 {
			return fmt.Errorf("errors %q: must be a class and a count", Clean(string(class), 20))
		}
	}
	return nil
}
