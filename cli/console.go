package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/cli/progress"
	"landfall/cli/sshfleet"
	"landfall/kafkabus/embedded"
	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/tui"
)

type consoleCmd struct {
	Kafka  connect.Flags     `embed:"" group:"Kafka"`
	Broker brokerFlags       `embed:""`
	Theme  string            `default:"auto" placeholder:"NAME" help:"auto, dark, light, safe (distinguishable by colour-blind users) or none (auto)."`
	ASCII  bool              `name:"ascii" help:"Use ASCII characters only. The default on Linux consoles and in locales without UTF-8."`
	Mouse  bool              `help:"Enable the mouse: click to select, wheel to scroll."`
	Keys   map[string]string `placeholder:"ACTION=KEYS" help:"Rebind actions, such as stop=X or kill=\"D ctrl+k\"; actions: ${actions}."`

	first *tui.FirstRun // a run that starts by itself; nil: none
}

// Run shows the console or, without a terminal, a plain text summary of the fleet.
func (c *consoleCmd) Run(a *app) error {
	if err := c.looks().Validate(); err != nil {
		return &exit.UsageError{Err: fmt.Errorf("--%w", err)}
	}
	if err := c.Broker.check(); err != nil {
		return err
	}
	if !tui.Usable() {
		return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
			o.View(func(s *fleet.State) { progress.Overview(os.Stdout, s) })
			return nil
		})
	}
	if len(c.Kafka.Brokers) == 0 {
		b, err := connect.Start(embedded.Config{Dir: a.Data, Listen: c.Broker.Listen})
		if err != nil {
			return notStarted(err, c.Broker.Listen)
		}
		defer b.Close()
		c.Kafka.Brokers = []string{b.Addr()}
	}
	reading, stop := context.WithCancel(context.Background())
	defer stop()
	quiet := slog.New(slog.DiscardHandler)
	return c.show(a, loadgen.Spec{}, sshfleet.NewConsole(reading, &sshfleet.World{Data: a.Data, Log: quiet, Quiet: quiet}, c.Kafka))
}

func (c *consoleCmd) looks() tui.Config {
	return tui.Config{Theme: c.Theme, ASCII: c.ASCII, Mouse: c.Mouse, Keys: c.Keys, First: c.first}
}

// show runs the console on a bus; it logs to a file, never to the screen.
func (c *consoleCmd) show(a *app, spec loadgen.Spec, fleets tui.Hosts) error {
	if err := os.MkdirAll(a.Data, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(a.Data, "console.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	a.out = file
	ctx := context.Background() // the console handles signals itself
	return a.conductLogged(ctx, c.Kafka, a.log(), func(o *orchestrator.Orchestrator) error {
		looks := c.looks()
		looks.Conductor, looks.Hosts, looks.Version = o, fleets, a.version
		looks.JoinHint = "landfall driver --brokers " + strings.Join(c.Kafka.Brokers, ",")
		if c.Kafka.Keys.Ring != "" {
			looks.JoinHint += " --fleet-keys FILE --sign-key FILE"
		}
		looks.Spec, looks.SpecPath = spec, filepath.Join(a.Data, "last-spec.yaml")
		return tui.Run(ctx, looks)
	})
}
