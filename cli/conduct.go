package cli

import (
	"context"
	"log/slog"

	"landfall/cli/connect"
	"landfall/cli/environ"
	"landfall/node/orchestrator"
)

// conduct runs an orchestrator, and calls use once it has read the topics.
func (a *app) conduct(joining context.Context, f connect.Flags, use func(*orchestrator.Orchestrator) error) error {
	return a.conductLogged(joining, f, a.quietLog(), use)
}

// conductLogged is like conduct, with its own logger.
func (a *app) conductLogged(joining context.Context, f connect.Flags, log *slog.Logger, use func(*orchestrator.Orchestrator) error) error {
	if err := f.Keys.Check(""); err != nil {
		return err
	}
	bus, err := connect.Open(joining, f, a.Data, log, connect.Notice)
	if err != nil {
		return err
	}
	defer bus.Close()
	signed, err := f.Keys.Sign(bus, bus.Prefix(), "", log)
	if err != nil {
		return err
	}
	defer signed.Close()
	o := orchestrator.New(signed, identity(signed, orchestrator.Config{By: environ.Actor(), Version: a.version, Log: log}))
	return Host(joining, o, use)
}

// identity sets the author of actions: the owner of the fleet key, if there is one.
func identity(signed *connect.Signed, c orchestrator.Config) orchestrator.Config {
	if signed.Keys == nil {
		c.Unsigned = true
		return c
	}
	c.Keys = signed.Keys
	if s := signed.Keys.Signer(); s != nil {
		c.By = s.Name
	}
	return c
}
