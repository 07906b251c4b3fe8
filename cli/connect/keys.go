package connect

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"landfall/cli/exit"
	"landfall/node"
	"landfall/node/sign"
)

// KeyFlags are the flags for the keys of a process.
type KeyFlags struct {
	Ring string `name:"fleet-keys" placeholder:"FILE" help:"Key ring of the fleet (see landfall key); messages not signed by its keys are refused (no ring: nothing is verified)."`
	Key  string `name:"sign-key" placeholder:"FILE|agent:NAME" help:"Private key that signs the messages of this process: a file, or the comment or fingerprint of a key in the ssh-agent."`
}

// Check reads the files that the flags name. Its errors name the flag. driver is the driver's name; "": an
// orchestrator.
func (f KeyFlags) Check(driver string) error {
	c, err := f.load(driver)
	if err == nil && c.Ring != nil {
		_, err = sign.Wrap(nil, c)
	}
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	return nil
}

func (f KeyFlags) load(driver string) (c sign.Config, err error) {
	c.Driver = driver
	if f.Ring == "" {
		if f.Key != "" {
			return c, fmt.Errorf("--sign-key %s: needs --fleet-keys, the ring that the key is in", f.Key)
		}
		return c, nil
	}
	if c.Ring, err = sign.LoadRing(f.Ring); err != nil {
		return c, fmt.Errorf("--fleet-keys: %w", err)
	}
	if f.Key != "" {
		if c.Key, err = LoadKey(f.Key); err != nil {
			return c, fmt.Errorf("--sign-key: %w", err)
		}
	}
	return c, nil
}

// Signed is a bus that may have the keys of a fleet.
type Signed struct {
	node.Bus
	Keys *sign.Bus // nil: the process has no keys
	stop func()
}

// Sign adds the keys named by the flags to a bus whose topics have a prefix. Until Close it installs changes
// of the ring's file and published rings.
func (f KeyFlags) Sign(bus node.Bus, prefix, driver string, log *slog.Logger) (*Signed, error) {
	c, err := f.load(driver)
	if err != nil {
		return nil, &exit.UsageError{Err: err}
	}
	if c.Ring == nil {
		return &Signed{Bus: sign.Plain(bus), stop: func() {}}, nil
	}
	c.Prefix, c.Published = prefix, true
	keys, err := sign.Wrap(bus, c)
	if err != nil {
		return nil, &exit.UsageError{Err: fmt.Errorf("--sign-key: %w", err)}
	}
	log.Info("fleet keys are in force", "as", keys.Identity())
	ctx, cancel := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() { keys.Follow(ctx, f.Ring, log) })
	following.Go(func() { keys.FollowTopic(ctx, log) })
	return &Signed{Bus: keys, Keys: keys, stop: func() { cancel(); following.Wait() }}, nil
}

// Close stops following the ring. It does not close the underlying bus.
func (s *Signed) Close() { s.stop() }
