package driver

import "landfall/node"

// Validate names the field that is wrong, as the command line has it. New does the same.
func (c Config) Validate() error {
	if err := node.CheckID("name", c.NodeID); err != nil {
		return err
	}
	_, err := newLimits(c)
	return err
}
