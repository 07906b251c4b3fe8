// Package cli is the command line: flags, environment variables, exit codes and prompts, with one file for each command. A command
// reads its flags, wires the packages that do the work, and maps errors to exit codes.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"landfall/cli/environ"
	"landfall/cli/exit"
	"landfall/cli/process"
	"landfall/cli/specflags"
	"landfall/cli/sshfleet"
	"landfall/loadgen/field"
	"landfall/node/sign"
	"landfall/tui"
)

type app struct {
	Config  kong.ConfigFlag `placeholder:"FILE" help:"YAML file of flags (${config}, if it exists)."`
	Data    string          `default:"${data}" placeholder:"DIR" help:"Folder for the embedded broker, baselines and detached drivers (${data})."`
	Verbose bool            `short:"v" help:"Log debug messages."`

	ShowVersion kong.VersionFlag `name:"version" short:"V" env:"-" help:"Print the version."`

	Console    consoleCmd    `cmd:"" default:"withargs" help:"Open the terminal console (the default command)."`
	Demo       demoCmd       `cmd:"" help:"Start a broker, a target, three drivers and the console on this machine."`
	Run        runCmd        `cmd:"" help:"Run a test without a screen: report on stdout, exit code for CI."`
	Capacity   capacityCmd   `cmd:"" help:"Find the highest rate that a target sustains."`
	Try        tryCmd        `cmd:"" help:"Run one iteration of a scenario and print every request and response."`
	Serve      serveCmd      `cmd:"" help:"Run an orchestrator with REST API, live updates and a web page."`
	Fleet      fleetCmd      `cmd:"" help:"Manage drivers on remote hosts over SSH."`
	Driver     driverCmd     `cmd:"" help:"Run a headless driver, which generates load."`
	Broker     brokerCmd     `cmd:"" help:"Run the embedded broker alone."`
	Target     targetCmd     `cmd:"" help:"Run a sample HTTP target, which counts requests and can misbehave on purpose."`
	Report     reportCmd     `cmd:"" help:"Print or compare reports of runs, or list all runs."`
	Baseline   baselineCmd   `cmd:"" help:"Keep reports under a name, to compare later runs with them."`
	Health     healthCmd     `cmd:"" help:"Exit 0 if a URL answers or, without one, if a driver of this host is alive; for containers."`
	Key        keyCmd        `cmd:"" help:"Manage the keys of a fleet."`
	Spec       specCmd       `cmd:"" help:"Check a spec file, or convert curl, HAR, vegeta or Postman files to one."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Completion completionCmd `cmd:"" help:"Print the completion script for a shell."`
	Man        manCmd        `cmd:"" help:"Print the manual page."`

	version string
	args    []string
	out     io.Writer // of logs
}

// Main runs the command in args and returns the exit code of the process. Errors are printed to stderr.
func Main(version string, args []string) int {
	err := run(version, args)
	var code exitCode
	if err != nil && !errors.As(err, &code) {
		fmt.Fprintln(os.Stderr, "landfall:", printable(err.Error()))
	}
	return codeOf(err)
}

// printable replaces control characters and invalid UTF-8, which an error may quote from an argument or a file, except line breaks.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return utf8.RuneError
		}
		return r
	}, text)
}

// exitCode makes the process exit with a code, without a message.
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
	command, err := parse(version, args)
	if err != nil {
		return err
	}
	return command()
}

// parse returns the command that the arguments name. It does not retain the parser, which describes all commands and takes nearly a megabyte.
func parse(version string, args []string) (command func() error, err error) {
	app := &app{version: version, args: args, out: os.Stderr}
	parser, err := app.parser()
	if err != nil {
		return nil, &exit.UsageError{Err: specflags.ExplainParsing(err, args)}
	}
	if os.Getenv("COMP_LINE") != "" { // a shell requests completions
		kongcompletion.Register(parser)
	}
	arranged, err := arrange(parser.Model.Node, args)
	if err != nil {
		return nil, &exit.UsageError{Err: err}
	}
	parsed, err := parser.Parse(arranged)
	if err != nil {
		if unwritten(err) { // the help could not be printed
			return nil, err
		}
		return nil, &exit.UsageError{Err: specflags.ExplainParsing(configAsTyped(err, args), args)}
	}
	preferTyped(parsed)
	for _, message := range environ.Unknown(parser.Model.Node, parsed.Selected(), os.Environ()) {
		fmt.Fprintln(os.Stderr, "landfall: warning:", message)
	}
	if app.Data == "" && keepsData(parsed.Command()) {
		return nil, &exit.UsageError{Err: errors.New("--data: this user has no home directory (HOME is not set): name a folder that only you can write to")}
	}
	return app.command(parsed), nil
}

// command returns the Run method of the selected command, bound to its parameters.
func (a *app) command(parsed *kong.Context) func() error {
	switch c := parsed.Selected().Target.Addr().Interface().(type) {
	case interface{ Run() error }:
		return c.Run
	case interface{ Run(*app) error }:
		return func() error { return c.Run(a) }
	case interface{ Run(*sshfleet.World) error }:
		return func() error { return c.Run(&sshfleet.World{Data: a.Data, Log: a.log(), Quiet: a.quietLog()}) }
	}
	return func() error { return parsed.Run(a) } // it needs the parser itself
}

// parser returns the parser of command lines, which fills a.
func (a *app) parser() (*kong.Kong, error) {
	config := environ.Config()
	var files []string
	if config != "" {
		files = append(files, config)
	}
	parser, err := kong.New(a, kong.Name("landfall"), kong.Description("A distributed load tester driven from a terminal."),
		kong.Vars{"version": versionLine(a.version)}, environ.Variables(),
		fill("${config}", config, "${data}", environ.Data(), "${actions}", tui.Actions()), kong.Configuration(environ.Flags, files...),
		kong.WithHyphenPrefixedParameters(true), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err == nil {
		hideRefused(parser.Model.Children)
	}
	return parser, err
}

// fill inserts values that are only known at run time into the help and defaults of flags. kong's own variables are evaluated again for
// every flag of every command, which would dominate the startup time.
func fill(names ...string) kong.Option {
	texts := strings.NewReplacer(names...)
	return kong.PostBuild(func(k *kong.Kong) error {
		return kong.Visit(k.Model, func(n kong.Visitable, next kong.Next) error {
			if f, ok := n.(*kong.Flag); ok {
				f.Help, f.Default = texts.Replace(f.Help), texts.Replace(f.Default)
			}
			return next(nil)
		})
	})
}

// preferTyped lets a typed flag override its alternatives, such as --delay beside --rate, where the environment or the
// configuration file sets those.
func preferTyped(parsed *kong.Context) {
	typed, group := map[*kong.Flag]bool{}, map[string]bool{}
	for _, p := range parsed.Path {
		if p.Flag != nil && !p.Resolved {
			typed[p.Flag] = true
			group[p.Flag.Tag.Get("alternatives")] = true
		}
	}
	for _, f := range parsed.Flags() {
		if g := f.Tag.Get("alternatives"); g != "" && group[g] && !typed[f] {
			f.Target.SetZero()
		}
	}
}

// unwritten reports whether writing a file failed, such as standard output.
func unwritten(err error) bool {
	var path *fs.PathError
	return errors.As(err, &path) && path.Op == "write"
}

// configAsTyped names the configuration file as --config gives it, in an error about opening or reading it. The parser makes its path absolute.
func configAsTyped(err error, args []string) error {
	typed := typedConfig(args)
	var wrong *field.FileError
	if errors.As(err, &wrong) && typed != "" && wrong.File == kong.ExpandPath(typed) {
		named := *wrong
		named.File = typed
		return &named
	}
	return unopenedConfig(err, args)
}

// unopenedConfig names --config, as typed, in an error about opening its file, the only file that is opened while arguments are parsed.
func unopenedConfig(err error, args []string) error {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err
	}
	return fmt.Errorf("--config %s: %w", cmp.Or(typedConfig(args), path.Path), path.Err)
}

// typedConfig returns the value of --config; "": it is not given.
func typedConfig(args []string) (typed string) {
	for i, a := range args {
		if value, glued := strings.CutPrefix(a, "--config="); glued {
			typed = value
		} else if a == "--config" && i+1 < len(args) {
			typed = args[i+1]
		}
	}
	return typed
}

// keepsData reports whether a command uses the data folder.
func keepsData(command string) bool {
	name, _, _ := strings.Cut(command, " ")
	return !slices.Contains([]string{"target", "spec", "version", "completion", "man"}, name)
}

func (a *app) log() *slog.Logger { return a.logFrom(slog.LevelInfo) }

// quietLog logs only errors, for commands whose stderr is read by people.
func (a *app) quietLog() *slog.Logger { return a.logFrom(slog.LevelError) }

func (a *app) logFrom(level slog.Level) *slog.Logger {
	if a.Verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(a.out, &slog.HandlerOptions{Level: level}))
}

type fleetCmd = sshfleet.Command

type versionCmd struct{}

func (versionCmd) Run(a *app) error {
	_, err := fmt.Println(versionLine(a.version))
	return err
}

func versionLine(version string) string {
	return fmt.Sprintf("landfall %s %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// lifeFlags configure when a process started by another one exits.
type lifeFlags struct {
	UntilEOF bool `name:"until-eof" hidden:"" help:"Exit when standard input is closed."`
}

func (l lifeFlags) ending(word string) <-chan struct{} {
	end := process.ServerEnding(exit.Failed, word)
	if !l.UntilEOF {
		return end
	}
	return process.Either(end, process.EOF(os.Stdin))
}

// note prints a remark about an accepted command line.
func note(text string) { fmt.Fprintln(os.Stderr, "note:", text) }

// interrupted returns a context that is canceled by the first signal.
func interrupted() context.Context { return until(process.Ending(exit.Interrupted, "")) }

func until(end <-chan struct{}) context.Context { return process.Until(end, exit.ErrInterrupted) }
