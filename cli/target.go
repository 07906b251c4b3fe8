package cli

import (
	"fmt"
	"os"

	"landfall/cli/exit"
	"landfall/loadgen/target"
)

type targetCmd struct {
	Life   lifeFlags   `embed:""`
	Target targetFlags `embed:""`
}

// targetFlags are the target's, without the method that the parser would call: what that says names no flag.
type targetFlags target.Config

func (c *targetCmd) Run() error {
	config := target.Config(c.Target)
	if err := config.Validate(); err != nil {
		return &exit.UsageError{Err: fmt.Errorf("--%w", err)}
	}
	if err := listens(config.Listen); err != nil {
		return err
	}
	s, err := target.Start(config)
	if err != nil {
		return err
	}
	fmt.Println(s.Addr())
	fmt.Fprintf(os.Stderr, "the target answers %s/ping, has a shop and counts at /metrics\n", s.URL())
	select {
	case <-s.Done():
		return s.Err()
	case <-c.Life.ending(""):
		return s.Close()
	}
}
