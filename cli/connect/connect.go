// Package connect opens the bus named by a command line: Kafka, or the embedded broker of this machine.
package connect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"landfall/cli/exit"
	"landfall/kafkabus"
	"landfall/kafkabus/embedded"
)

// ErrNoBroker means that no brokers were named and none is running on this machine.
var ErrNoBroker = errors.New("no broker is running on this machine: start one with `landfall broker`, or name Kafka's brokers with --brokers")

// openFor limits one attempt to reach Kafka.
const openFor = 10 * time.Second

// patience is how long Kafka may take to answer before a [Waiting] is called.
const patience = 700 * time.Millisecond

// Waiting is called once if Kafka does not answer at once. It may be nil.
type Waiting func(brokers []string)

// Notice is a [Waiting] that prints a line on stderr.
func Notice(brokers []string) {
	fmt.Fprintf(os.Stderr, "waiting for Kafka at %s\n", strings.Join(brokers, ", "))
}

// Open opens the bus, or fails within openFor. dir is the data folder of an embedded broker.
func Open(ctx context.Context, f Flags, dir string, log *slog.Logger, waiting Waiting) (*kafkabus.Bus, error) {
	config, err := f.where(dir, log)
	if err != nil {
		return nil, err
	}
	if waiting != nil {
		notice := time.AfterFunc(patience, func() { waiting(config.Brokers) })
		defer notice.Stop()
	}
	bus, err := open(ctx, config)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return bus, err
}

// Await is like Open, but retries until a broker answers or ctx ends.
func Await(ctx context.Context, f Flags, dir string, log *slog.Logger) (*kafkabus.Bus, error) {
	config, err := f.where(dir, log)
	if err != nil {
		return nil, err
	}
	for {
		notice := time.AfterFunc(patience, func() { log.Info("waiting for Kafka", "brokers", config.Brokers) })
		bus, err := open(ctx, config)
		notice.Stop()
		switch {
		case err != nil && ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case !passes(err):
			return bus, err
		}
		log.Warn("retrying", "error", err)
	}
}

// Unreachable reports whether an error means that no broker was reached.
func Unreachable(err error) bool {
	var unreachable *kafkabus.UnreachableError
	return errors.Is(err, ErrNoBroker) || errors.As(err, &unreachable)
}

// passes reports whether an error is temporary: no broker answered, or one was too busy to create the topics.
func passes(err error) bool {
	var unreachable *kafkabus.UnreachableError
	return errors.As(err, &unreachable) || errors.Is(err, context.DeadlineExceeded)
}

func open(ctx context.Context, c kafkabus.Config) (*kafkabus.Bus, error) {
	ctx, cancel := context.WithTimeout(ctx, openFor)
	defer cancel()
	return kafkabus.Open(ctx, c)
}

func (f Flags) where(dir string, log *slog.Logger) (kafkabus.Config, error) {
	config, err := f.config(log)
	if err != nil {
		return config, &exit.UsageError{Err: err}
	}
	if len(config.Brokers) == 0 {
		addr, running := embedded.Find(dir)
		if !running {
			return config, ErrNoBroker
		}
		config.Brokers = []string{addr}
	}
	return config, nil
}

// Machine is the embedded broker of this machine, in this process or in another one that holds the data
// folder.
type Machine struct {
	addr string
	own  *embedded.Broker
}

// Start starts the embedded broker of this machine, unless it is already running.
func Start(c embedded.Config) (*Machine, error) {
	if addr, running := embedded.Find(c.Dir); running {
		return &Machine{addr: addr}, nil
	}
	b, err := embedded.Start(c)
	var locked *embedded.LockedError
	if errors.As(err, &locked) && locked.Addr != "" { // another process was faster
		return &Machine{addr: locked.Addr}, nil
	}
	if err != nil {
		return nil, err
	}
	return &Machine{addr: b.Addr(), own: b}, nil
}

// Addr returns the broker's address, host:port.
func (m *Machine) Addr() string { return m.addr }

// Close stops the broker if it belongs to this process.
func (m *Machine) Close() {
	if m.own != nil {
		m.own.Close()
	}
}
