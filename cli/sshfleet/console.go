package sshfleet

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/node/remote"
	"landfall/node/remote/hosts"
)

// Console is what a console needs of fleets over SSH: to bring one up and down as `landfall fleet up --detach …` and
// `landfall fleet down` in another shell would, and to see how its hosts are. A fleet outlives the console.
type Console struct {
	world *World
	kafka connect.Flags

	mu     sync.Mutex
	fleet  string
	states []hosts.State
}

// readEvery is how often a console reads what the watching process has written.
const readEvery = 500 * time.Millisecond

// NewConsole is a console's view of the fleets, up to date until ctx ends. kafka is how the console itself reaches Kafka.
func NewConsole(ctx context.Context, w *World, kafka connect.Flags) *Console {
	c := &Console{world: w, kafka: kafka, fleet: "default"}
	c.read()
	go func() {
		tick := time.NewTicker(readEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				c.read()
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// States are the hosts of the fleet that this console has brought up last, else of the default one; none if it is down. It
// does no I/O.
func (c *Console) States() []hosts.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.states
}

func (c *Console) read() {
	c.mu.Lock()
	name := c.fleet
	c.mu.Unlock()
	s, err := remote.StoreOf(c.world.Data, name)
	if err != nil {
		return
	}
	states, err := s.States()
	if err != nil || allDown(states) {
		states = nil
	}
	if _, yes := watched(s); !yes {
		for i := range states {
			states[i].Detail = "not supervised (see :fleet up)"
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.states = states
}

// Up brings hosts up; args are those of `landfall fleet up`, none for the hosts of the last time. It returns when they are
// watched in the background, and what becomes of them is in States. Brokers of this machine alone are led to through SSH.
func (c *Console) Up(ctx context.Context, args []string) error {
	var up upCmd
	if err := parse(&up, "up", args); err != nil {
		return err
	}
	s, err := up.store(c.world)
	if err != nil {
		return err
	}
	up.Kafka = c.kafka
	for _, b := range c.kafka.Brokers {
		up.Tunnel = up.Tunnel || loopback(b)
	}
	up.Tunnel = up.Tunnel || len(c.kafka.Brokers) == 0
	if _, err := up.prepare(ctx, c.world, s); err != nil {
		return err
	}
	c.mu.Lock()
	c.fleet = up.Fleet
	c.mu.Unlock()
	return up.startWatcher(c.world, s)
}

// Down ends the drivers; args are those of `landfall fleet down`. It returns when they have drained and ended.
func (c *Console) Down(ctx context.Context, args []string) error {
	var down downCmd
	if err := parse(&down, "down", args); err != nil {
		return err
	}
	return down.end(ctx, c.world, &hosts.Board{Out: io.Discard})
}

// parse understands arguments as the command line does, but never prints or exits.
func parse(into any, name string, args []string) error {
	parser, err := kong.New(into, kong.Name("fleet "+name), kong.NoDefaultHelp(), kong.Writers(io.Discard, io.Discard), kong.WithHyphenPrefixedParameters(true))
	if err != nil {
		return err
	}
	if _, err := parser.Parse(args); err != nil {
		return &exit.UsageError{Err: errors.New(err.Error())}
	}
	return nil
}
