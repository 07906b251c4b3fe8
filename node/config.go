package node

import "landfall/loadgen"

// Config announces a run: its spec and the drivers selected for it, which respond in their heartbeats.
type Config struct {
	Header
	TestID  string       `json:"test_id"`
	Drivers []string     `json:"drivers"`
	By      string       `json:"by"` // user@host, or the name of a token
	Spec    loadgen.Spec `json:"spec"`
}

func (c *Config) address() (Topic, string) { return TopicTestConfig, c.TestID }

func (c *Config) check() error {
	cleanAll(120, &c.By, &c.Spec.Name)
	for i := range c.Spec.Requests {
		cleanAll(120, &c.Spec.Requests[i].Name)
	}
	if err := inRange("drivers", len(c.Drivers), 1, 10000); err != nil {
		return err
	}
	for _, d := range c.Drivers {
		if err := CheckID("drivers", d); err != nil {
			return err
		}
	}
	if err := c.Spec.Validate(); err != nil {
		return err
	}
	return CheckID("test_id", c.TestID)
}
