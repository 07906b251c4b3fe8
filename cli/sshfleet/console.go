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
	"landfall/node"
	"landfall/node/remote"
	"landfall/node/remote/hosts"
)

// Console lets the terminal console manage fleets over SSH: start and stop one as `landfall fleet up --detach …` and `landfall fleet down`
// do in a shell, and read the state of its hosts. A fleet outlives the console.
type Console struct {
	world *World
	kafka connect.Flags

	mu     sync.Mutex
	fleet  string
	states []hosts.State
}

// readEvery is how often a console reads the state file of the supervising process.
const readEvery = 500 * time.Millisecond

// NewConsole returns a view of the fleets that is kept up to date until ctx ends. kafka is the console's own connection to Kafka.
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

// States returns the hosts of the fleet that this console started last, or else of the default fleet; none if it is down. It does no I/O.
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
	if _, yes := supervisor(s); !yes {
		for i := range states {
			states[i].Detail = "not supervised (see :fleet up)"
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.states = states
}

// Up starts drivers on hosts; args are those of `landfall fleet up`, or none for the same hosts as last time. It returns once they are
// supervised in the background; [Console.States] shows their progress. Brokers that only this machine can reach are tunneled through SSH.
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
		up.Tunnel = up.Tunnel || node.Loopback(b)
	}
	up.Tunnel = up.Tunnel || len(c.kafka.Brokers) == 0
	if _, err := up.prepare(ctx, c.world, s); err != nil {
		return err
	}
	c.mu.Lock()
	c.fleet = up.Fleet
	c.mu.Unlock()
	return up.startSupervisor(c.world, s)
}

// Down stops the drivers; args are those of `landfall fleet down`. It returns when they have drained and exited.
func (c *Console) Down(ctx context.Context, args []string) error {
	var down downCmd
	if err := parse(&down, "down", args); err != nil {
		return err
	}
	return down.end(ctx, c.world, &hosts.Board{Out: io.Discard})
}

// parse parses arguments like the command line, but never prints or exits.
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
