package cli

import (
	"context"
	"log/slog"

	"landfall/cli/connect"
	"landfall/cli/environ"
	"landfall/node/orchestrator"
)

// conduct hosts an orchestrator while use runs, from when it knows what the topics hold.
func (a *app) conduct(joining context.Context, f connect.Flags, use func(*orchestrator.Orchestrator) error) error {
	return a.conductLogged(joining, f, a.quietLog(), use)
}

// conductLogged is conduct for who has a log that is no screen.
func (a *app) conductLogged(joining context.Context, f connect.Flags, log *slog.Logger, use func(*orchestrator.Orchestrator) error) error {
	bus, err := connect.Open(joining, f, a.Data, log)
	if err != nil {
		return err
	}
	defer bus.Close()
	o := orchestrator.New(bus, orchestrator.Config{By: environ.User(), Version: a.version, Log: log})
	return Host(joining, o, use)
}
