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

// targetFlags is the target's configuration without its Validate method, which the parser would call and whose errors name no flag.
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
		return notBound(err, config.Listen)
	}
	fmt.Println(s.Addr())
	fmt.Fprintf(os.Stderr, "target listening: %s/ping, a sample shop at /login, counters at /metrics\n", s.URL())
	select {
	case <-s.Done():
		return s.Err()
	case <-c.Life.ending(""):
		return s.Close()
	}
}
