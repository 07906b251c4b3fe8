// Package cli is the command line: every flag, environment variable, exit code and prompt, one file a command. What the
// commands do is other packages': a command reads its flags, wires the parts, and maps errors to exit codes.
package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"landfall/cli/environ"
	"landfall/cli/exit"
	"landfall/cli/specflags"
	"landfall/cli/sshfleet"
	"landfall/node/sign"
)

type app struct {
	Config  kong.ConfigFlag `placeholder:"FILE" help:"YAML file of flags (${config} is read if it is there)."`
	Data    string          `default:"${data}" placeholder:"DIR" help:"Folder of the embedded broker's data and of detached drivers (${data})."`
	Verbose bool            `short:"v" help:"Log more."`

	Console    consoleCmd    `cmd:"" default:"withargs" help:"The terminal console (default)."`
	Demo       demoCmd       `cmd:"" help:"Broker, target, three drivers and the console, all on this machine."`
	Run        runCmd        `cmd:"" help:"One run without a screen: report on stdout, exit code for CI."`
	Capacity   capacityCmd   `cmd:"" help:"Search for the rate that a target can take."`
	Try        tryCmd        `cmd:"" help:"One user of a scenario, once: every request and response is printed."`
	Serve      serveCmd      `cmd:"" help:"An orchestrator without a screen: REST API, live updates and a web page."`
	Fleet      fleetCmd      `cmd:"" help:"Drivers on hosts that SSH reaches: up, status, logs, down."`
	Driver     driverCmd     `cmd:"" help:"Run a headless driver, which generates load for an orchestrator."`
	Broker     brokerCmd     `cmd:"" help:"The embedded broker alone."`
	Target     targetCmd     `cmd:"" help:"A sample HTTP target that counts, and misbehaves on purpose."`
	Report     reportCmd     `cmd:"" help:"A finished run, or a list of all runs."`
	Baseline   baselineCmd   `cmd:"" help:"Reports under names, to compare later runs with."`
	Health     healthCmd     `cmd:"" hidden:"" help:"Exit 0 if all is well, for containers: that a URL answers, or that a driver of this host is alive."`
	Key        keyCmd        `cmd:"" help:"Keys of a fleet: new, show, trust, revoke, root, ring."`
	Spec       specCmd       `cmd:"" help:"Check a spec file, or make one from what a browser or curl knows."`
	Version    versionCmd    `cmd:"" help:"The version."`
	Completion completionCmd `cmd:"" help:"Print what makes a shell complete landfall's commands and flags."`

	version string
	args    []string
	out     io.Writer // of logs
}

// Main runs the command that args name and returns the process's exit code. Errors are printed to stderr.
func Main(version string, args []string) int {
	err := run(version, args)
	var code exitCode
	if err != nil && !errors.As(err, &code) {
		fmt.Fprintln(os.Stderr, "landfall:", err)
	}
	return codeOf(err)
}

// exitCode ends the process with a code, without another word.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

func codeOf(err error) int {
	var code exitCode
	var usage *exit.UsageError
	var key *sign.KeyError
	switch {
	case err == nil:
		return exit.Passed
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage), errors.As(err, &key):
		return exit.Usage
	case errors.Is(err, exit.ErrInterrupted):
		return exit.Interrupted
	}
	return exit.Failed
}

func run(version string, args []string) error {
	app := &app{version: version, args: args, out: os.Stderr}
	config := environ.Config()
	var files []string
	if config != "" {
		files = append(files, config)
	}
	parser, err := kong.New(app, kong.Name("landfall"), kong.Description("A distributed load tester driven from a terminal."),
		kong.Vars{"config": config, "data": environ.Data()}, kong.DefaultEnvars("LANDFALL"), kong.Configuration(environ.Flags, files...),
		kong.WithHyphenPrefixedParameters(true), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return err
	}
	kongcompletion.Register(parser)
	parsed, err := parser.Parse(args)
	if err != nil {
		return &exit.UsageError{Err: specflags.ExplainParsing(err, args)}
	}
	if app.Data == "" && keepsData(parsed.Command()) {
		return &exit.UsageError{Err: errors.New("--data: this user has no home folder (HOME is not set): name a folder that nobody else can write")}
	}
	return parsed.Run(app, &sshfleet.World{Data: app.Data, Log: app.log(), Quiet: app.quietLog()})
}

// keepsData tells whether a command uses the folder for data.
func keepsData(command string) bool {
	name, _, _ := strings.Cut(command, " ")
	return !slices.Contains([]string{"target", "spec", "version", "completion"}, name)
}

func (a *app) log() *slog.Logger { return a.logFrom(slog.LevelInfo) }

// quietLog is for commands whose stderr is for people: only what is wrong.
func (a *app) quietLog() *slog.Logger { return a.logFrom(slog.LevelError) }

func (a *app) logFrom(level slog.Level) *slog.Logger {
	if a.Verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(a.out, &slog.HandlerOptions{Level: level}))
}

type fleetCmd = sshfleet.Command
