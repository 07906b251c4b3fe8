package driver

import (
	"landfall/node"
	"landfall/node/policy"
)

// Validate returns an error that names the invalid field like the command line does. New calls it.
func (c Config) Validate() error {
	if err := node.CheckID("name", c.NodeID); err != nil {
		return err
	}
	_, err := policy.New(c.policy())
	return err
}

func (c Config) policy() policy.Config {
	return policy.Config{AllowTargets: c.AllowTargets, MaxRate: c.MaxRate, MaxConnections: c.MaxConnections, MaxDuration: c.MaxDuration}
}
