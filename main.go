// Command landfall is a distributed load tester driven from a terminal. This file only holds the command line: its
// commands and flags, what they are wired to, and the exit codes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
	"golang.org/x/term"

	"landfall/kafkabus/embedded"
	"landfall/kafkabus/join"
	"landfall/loadgen"
	"landfall/loadgen/target"
	"landfall/node/demo"
	"landfall/node/detach"
	"landfall/node/driver"
	"landfall/node/fleet"
	"landfall/node/gateway"
	"landfall/node/home"
	"landfall/node/launch"
	"landfall/node/life"
	"landfall/node/orchestrator"
	"landfall/node/progress"
	"landfall/node/report"
	"landfall/node/solo"
	sshfleet "landfall/node/sshfleet/command"
	"landfall/tui"
)

// version is set by the linker.
var version = "dev"

type cli struct {
	Config  kong.ConfigFlag `placeholder:"FILE" help:"YAML file of flags (${config} is read if it is there)."`
	Data    string          `default:"${data}" placeholder:"DIR" help:"Folder of the embedded broker's data and of detached drivers (${data})."`
	Verbose bool            `short:"v" help:"Log more."`

	Console    consoleCmd    `cmd:"" default:"withargs" help:"The terminal console (default)."`
	Demo       demoCmd       `cmd:"" help:"Broker, target, three drivers and the console, all on this machine."`
	Run        runCmd        `cmd:"" help:"One run without a screen: report on stdout, exit code for CI."`
	Serve      serveCmd      `cmd:"" help:"An orchestrator without a screen: REST API, live updates and a web page."`
	Fleet      fleetCmd      `cmd:"" help:"Drivers on hosts that SSH reaches: up, status, logs, down."`
	Driver     driverCmd     `cmd:"" help:"A headless driver: generates load when it is told to."`
	Broker     brokerCmd     `cmd:"" help:"The embedded broker alone."`
	Target     targetCmd     `cmd:"" help:"A sample HTTP target that counts, and misbehaves on purpose."`
	Report     reportCmd     `cmd:"" help:"A finished run, or a list of all runs."`
	Health     healthCmd     `cmd:"" hidden:"" help:"Exit 0 if all is well, for containers: that a URL answers, or that a driver of this host is alive."`
	Spec       specCmd       `cmd:"" help:"Make a spec file from what a browser or curl knows."`
	Version    versionCmd    `cmd:"" help:"The version."`
	Completion completionCmd `cmd:"" help:"Print what makes a shell complete landfall's commands and flags."`

	args []string
	out  io.Writer // of logs
}

func main() {
	err := run(os.Args[1:])
	var code exitCode
	if err != nil && !errors.As(err, &code) {
		fmt.Fprintln(os.Stderr, "landfall:", err)
	}
	os.Exit(codeOf(err))
}

// exitCode ends the process with a code, without another word.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

func codeOf(err error) int {
	var code exitCode
	var usage *launch.UsageError
	var flag *join.UsageError
	switch {
	case err == nil:
		return launch.ExitPassed
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage), errors.As(err, &flag):
		return launch.ExitUsage
	case errors.Is(err, launch.ErrInterrupted):
		return launch.ExitInterrupted
	}
	return launch.ExitFailed
}

func run(args []string) error {
	app := &cli{args: args, out: os.Stderr}
	config := home.Config()
	parser, err := kong.New(app, kong.Name("landfall"), kong.Description("A distributed load tester driven from a terminal."),
		kong.Vars{"config": config, "data": home.Data()}, kong.DefaultEnvars("LANDFALL"), kong.Configuration(home.Flags, config),
		kong.WithHyphenPrefixedParameters(true), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return err
	}
	kongcompletion.Register(parser)
	parsed, err := parser.Parse(args)
	if err != nil {
		return &launch.UsageError{Err: launch.ExplainParsing(err, args)}
	}
	return parsed.Run(app, &sshfleet.World{Data: app.Data, Log: app.log(), Quiet: app.quietLog()})
}

func (a *cli) log() *slog.Logger { return a.logFrom(slog.LevelInfo) }

// quietLog is for commands whose stderr is for people: only what is wrong.
func (a *cli) quietLog() *slog.Logger { return a.logFrom(slog.LevelError) }

func (a *cli) logFrom(level slog.Level) *slog.Logger {
	if a.Verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(a.out, &slog.HandlerOptions{Level: level}))
}

type brokerCmd struct {
	Life      lifeFlags `embed:""`
	Listen    string    `default:"127.0.0.1:9092" placeholder:"HOST:PORT" help:"Where to listen (127.0.0.1:9092); port 0: a free one."`
	Advertise string    `placeholder:"HOST[:PORT]" help:"What clients are told, if not where it listens."`
	Keep      int       `default:"16" placeholder:"MIB" help:"MiB kept of each partition (16): more keeps more of what long runs measured, and takes a fifth of it as memory."`
	Temporary bool      `hidden:"" help:"Remove the data folder at the end."`
}

func (c *brokerCmd) Run(a *cli) error {
	if err := listens(c.Listen); err != nil {
		return err
	}
	if c.Keep < 4 || c.Keep > 1<<20 {
		return &launch.UsageError{Err: fmt.Errorf("--keep %d: must be between 4 and 1048576 MiB", c.Keep)}
	}
	b, err := embedded.Start(embedded.Config{Dir: a.Data, Keep: int64(c.Keep) << 20, Listen: c.Listen, Advertise: c.Advertise, Log: a.log()})
	if err != nil {
		return err
	}
	if c.Temporary {
		defer os.RemoveAll(a.Data)
	}
	defer b.Close()
	fmt.Println(b.Addr())
	fmt.Fprintf(os.Stderr, "the broker listens on %s; a driver joins with: landfall driver --brokers %s\n", b.Addr(), b.Addr())
	select {
	case <-b.Done():
		return b.Err()
	case <-c.Life.ending(""):
		return nil
	}
}

type targetCmd struct {
	Life   lifeFlags   `embed:""`
	Target targetFlags `embed:""`
}

// targetFlags are the target's, without the method that the parser would call: what that says names no flag.
type targetFlags target.Config

func (c *targetCmd) Run() error {
	config := target.Config(c.Target)
	if err := config.Validate(); err != nil {
		return &launch.UsageError{Err: fmt.Errorf("--%w", err)}
	}
	if err := listens(config.Listen); err != nil {
		return err
	}
	s, err := target.Start(config)
	if err != nil {
		return err
	}
	fmt.Println(s.Addr())
	fmt.Fprintf(os.Stderr, "the target answers %s/ping, has a shop and counts at /metrics\n", s.URL())
	select {
	case <-s.Done():
		return s.Err()
	case <-c.Life.ending(""):
		return s.Close()
	}
}

type serveCmd struct {
	Life      lifeFlags  `embed:""`
	Kafka     join.Flags `embed:"" group:"Kafka"`
	Listen    string     `default:"127.0.0.1:8090" placeholder:"HOST:PORT" help:"Where to listen (127.0.0.1:8090); beyond loopback it needs --token-file."`
	Host      []string   `placeholder:"NAME" help:"Further host name that browsers may call it by; as often as wanted."`
	TokenFile string     `name:"token-file" placeholder:"FILE" help:"Who may: lines of name, role (viewer or operator) and token."`
	TLSCert   string     `name:"tls-cert" placeholder:"FILE" help:"Certificate as PEM; read again when it changes."`
	TLSKey    string     `name:"tls-key" placeholder:"FILE" help:"Its key as PEM."`
}

func (c *serveCmd) Run(a *cli) error {
	if err := listens(c.Listen); err != nil {
		return err
	}
	ctx := until(c.Life.ending("ending; once more leaves at once"))
	return a.conductLogged(ctx, c.Kafka, a.log(), func(o *orchestrator.Orchestrator) error {
		g, err := gateway.New(o, gateway.Config{
			Listen: c.Listen, Hosts: c.Host, TokenFile: c.TokenFile, TLSCert: c.TLSCert, TLSKey: c.TLSKey, Version: version, Log: a.log(),
		})
		if err != nil {
			return &launch.UsageError{Err: err}
		}
		fmt.Println(g.Addr())
		scheme := "http"
		if c.TLSCert != "" {
			scheme = "https"
		}
		fmt.Fprintf(os.Stderr, "the page is at %s://%s/, the API's document at /api/v1/openapi.json\n", scheme, g.Addr())
		return g.Run(ctx)
	})
}

type fleetCmd = sshfleet.Command

type driverCmd struct {
	Life           lifeFlags         `embed:""`
	Kafka          join.Flags        `embed:"" group:"Kafka"`
	Name           string            `placeholder:"NAME" help:"Name in the fleet (host name and a short suffix)."`
	Label          map[string]string `mapsep:"," placeholder:"KEY=VALUE" help:"Label to be chosen by; as often as wanted."`
	AllowTarget    []string          `name:"allow-target" placeholder:"HOST|CIDR[:PORT]" help:"What this driver may load; as often as wanted (loopback alone)."`
	MaxRate        float64           `name:"max-rate" placeholder:"RPS" help:"Cap of its requests per second (none)."`
	MaxConnections int               `name:"max-connections" placeholder:"N" help:"Cap of its connections (none)."`
	MaxDuration    time.Duration     `name:"max-duration" placeholder:"TIME" help:"Cap of a run's duration (none)."`
	Threads        int               `placeholder:"N" help:"Threads of the load engine (one a core)."`
	Portable       bool              `help:"Use the load engine's portable loop."`
	Bind           []netip.Addr      `placeholder:"ADDRESS" help:"Source address of its connections; several are used in turn."`
	Detach         bool              `help:"Go on in the background when the session ends; log and pid file are in the data folder."`
	Stop           bool              `help:"End the detached drivers of this machine, or the one with --name."`
	Detached       bool              `hidden:"" help:"Be the background process of --detach."`
}

func (c *driverCmd) Run(a *cli) (err error) {
	dir := filepath.Join(a.Data, "drivers")
	if c.Stop {
		return detach.Stop(interrupted(), dir, c.Name, os.Stdout)
	}
	if c.Name == "" {
		c.Name = driver.NewName(home.Host())
	}
	if err := c.check(a.log()); err != nil {
		return err
	}
	if c.Detach {
		return detach.Start(dir, c.Name, detach.Arguments(a.args, c.Name), os.Stdout)
	}
	var held *detach.Held
	if c.Detached {
		if held, err = detach.Hold(dir, c.Name); err != nil {
			return err
		}
		defer func() {
			if err == nil { // one that failed leaves its pid file, as one that was killed does
				held.Release()
			}
		}()
	}
	return c.drive(a, held)
}

// check says which flag is wrong, while whoever typed it still listens.
func (c *driverCmd) check(log *slog.Logger) error {
	if err := c.config(log).Validate(); err != nil {
		return &launch.UsageError{Err: fmt.Errorf("--%w", err)}
	}
	return c.Kafka.Check()
}

func (c *driverCmd) config(log *slog.Logger) driver.Config {
	return driver.Config{NodeID: c.Name, Host: home.Host(), Version: version, Labels: c.Label, AllowTargets: c.AllowTarget,
		MaxRate: c.MaxRate, MaxConnections: c.MaxConnections, MaxDuration: c.MaxDuration, Threads: c.Threads, Portable: c.Portable, Bind: c.Bind, Log: log}
}

func (c *driverCmd) drive(a *cli, held *detach.Held) error {
	log := a.log()
	ctx := until(c.ending())
	bus, err := join.Await(ctx, c.Kafka, a.Data, log)
	if errors.Is(err, launch.ErrInterrupted) {
		return nil // told to end before it ever reached Kafka
	}
	if err != nil {
		return err
	}
	defer bus.Close()
	d, err := driver.New(bus, c.config(log))
	if err != nil {
		return err
	}
	held.Ready()
	if c.Life.UntilEOF { // the parent is gone, and so may be the broker
		context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, d.Quit) })
	}
	return d.Run(ctx)
}

// ending is closed when the driver is to drain. A session that is over closes it, but not for a detached driver.
func (c *driverCmd) ending() <-chan struct{} {
	signal.Ignore(syscall.SIGPIPE) // the log may go to a session that is over
	if c.Detached {
		signal.Ignore(syscall.SIGHUP)
	}
	end := c.Life.ending("draining; once more ends at once")
	if c.Detached || os.Getenv("SSH_CONNECTION") == "" {
		return end
	}
	return life.Either(end, life.SessionOver(os.Stderr))
}

type runCmd struct {
	Kafka join.Flags `embed:"" group:"Kafka"`
	launch.Flags
	Args     []string      `arg:"" optional:"" name:"spec.yaml|URL" help:"What to load: a spec file, a URL, or both."`
	Drivers  string        `default:"all" placeholder:"WHICH" help:"all, a number to wait for, or a list of ids and label=value (all)."`
	Wait     time.Duration `placeholder:"TIME" help:"How long to wait for drivers (10s; 3s for the first one of all)."`
	Local    bool          `help:"In this one process, without Kafka and drivers."`
	Threads  int           `placeholder:"N" help:"With --local: threads of the load engine (one a core)."`
	Portable bool          `help:"With --local: use the load engine's portable loop."`
	Bind     []netip.Addr  `placeholder:"ADDRESS" help:"With --local: source address of its connections; several are used in turn."`
	JSON     bool          `name:"json" help:"Print the report as JSON."`
	Quiet    bool          `help:"No progress."`
}

func (c *runCmd) Run(a *cli) error {
	if err := c.check(); err != nil {
		return &launch.UsageError{Err: err}
	}
	spec, err := c.Flags.Spec(c.Args, os.Stdin)
	if err != nil {
		return &launch.UsageError{Err: launch.Explain(err, a.args)}
	}
	sel, err := launch.ParseDrivers(c.Drivers, c.Wait)
	if err != nil {
		return &launch.UsageError{Err: err}
	}
	var r *report.Report
	end := life.Ending(launch.ExitInterrupted, "stopping the run; once more leaves at once")
	use := func(o *orchestrator.Orchestrator) (err error) {
		l := launch.Launch{Orchestrator: o, Spec: spec, Selection: sel, Interrupt: end, Watch: watch(o, c.Quiet)}
		r, err = l.Do(context.Background())
		return err
	}
	if c.Local {
		log := a.logFrom(slog.LevelWarn) // why connections fail
		if c.Quiet {
			log = a.quietLog()
		}
		debug.SetGCPercent(20) // little is allocated once load flows
		err = solo.Run(context.Background(), solo.Config{Spec: spec, By: home.User(), Host: home.Host(), Version: version, Threads: c.Threads, Portable: c.Portable, Bind: c.Bind, Log: log}, use)
	} else {
		err = a.conduct(until(end), c.Kafka, use)
	}
	if err != nil {
		return err
	}
	return finish(r, c.JSON)
}

// check refuses flags that this kind of run does not heed.
func (c *runCmd) check() error {
	switch {
	case !c.Local && (c.Threads != 0 || c.Portable || len(c.Bind) > 0):
		return errors.New("--threads, --portable and --bind: only with --local; drivers have their own")
	case c.Local && (c.Drivers != "all" || c.Wait != 0):
		return errors.New("--drivers and --wait: not with --local, which has no drivers")
	}
	return nil
}

type reportCmd struct {
	Kafka join.Flags `embed:"" group:"Kafka"`
	Runs  []string   `arg:"" optional:"" name:"RUN" help:"One run, or two to compare; none: list all."`
	JSON  bool       `name:"json" xor:"form" help:"As JSON."`
	CSV   bool       `name:"csv" xor:"form" help:"As CSV, a line per second."`
	HTML  bool       `name:"html" xor:"form" help:"As one page, with charts, that needs nothing else."`
}

func (c *reportCmd) Run(a *cli) error {
	if len(c.Runs) > 2 {
		return &launch.UsageError{Err: fmt.Errorf("%q: two runs at most can be compared", c.Runs)}
	}
	if (c.JSON || c.CSV || c.HTML) && len(c.Runs) != 1 {
		return &launch.UsageError{Err: errors.New("--json, --csv and --html: must be given with one RUN; lists and comparisons are text")}
	}
	return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
		var found []*report.Report
		for _, id := range c.Runs {
			r, running, err := launch.Past(o, id, version)
			if err != nil {
				return err
			}
			if running {
				fmt.Fprintf(os.Stderr, "%s is still running: this is what it did until now\n", id)
			}
			found = append(found, r)
		}
		switch len(found) {
		case 0:
			launch.List(o, os.Stdout)
			return nil
		case 1:
			return c.show(found[0])
		}
		report.Compare(os.Stdout, found[0], found[1], colored(os.Stdout))
		return nil
	})
}

func (c *reportCmd) show(r *report.Report) error {
	switch {
	case c.JSON:
		return json.NewEncoder(os.Stdout).Encode(r)
	case c.CSV:
		return r.CSV(os.Stdout)
	case c.HTML:
		return r.HTML(os.Stdout)
	}
	r.Text(os.Stdout, colored(os.Stdout))
	return nil
}

// finish prints the report of a run that this process did, and ends as it ended.
func finish(r *report.Report, asJSON bool) error {
	if err := (&reportCmd{JSON: asJSON}).show(r); err != nil {
		return err
	}
	return exitCode(launch.ExitCode(r))
}

type demoCmd struct {
	Drivers int  `default:"3" placeholder:"N" help:"Driver processes (3)."`
	JSON    bool `name:"json" help:"Print the report as JSON."`
	Quiet   bool `help:"No progress."`
	Parent  bool `name:"with-parent" hidden:"" help:"End when the process that started it does, such as make."`
}

func (c *demoCmd) Run(a *cli) error {
	if c.Drivers < 1 || c.Drivers > 100 {
		return &launch.UsageError{Err: fmt.Errorf("--drivers %d: must be between 1 and 100", c.Drivers)}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if tui.Usable() && !c.JSON {
		return c.console(a, self)
	}
	if c.Parent {
		life.WithParent(func() { os.Exit(launch.ExitFailed) }) // its own children then notice that it is gone
	}
	end := life.Ending(launch.ExitInterrupted, "stopping; once more leaves at once")
	f, err := demo.Start(until(end), demo.Config{Binary: self, Drivers: c.Drivers})
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintf(os.Stderr, "broker %s, target %s, %d drivers; logs in %s until the end\n", f.Broker, f.Target, c.Drivers, f.Dir)
	var r *report.Report
	err = a.conduct(until(end), join.Flags{Brokers: []string{f.Broker}}, func(o *orchestrator.Orchestrator) (err error) {
		l := launch.Launch{Orchestrator: o, Spec: demo.Spec(f.Target), Interrupt: end, Watch: watch(o, c.Quiet)}
		l.Selection.Count = c.Drivers
		r, err = l.Do(context.Background())
		return err
	})
	if err != nil {
		return err
	}
	return finish(r, c.JSON)
}

// console is the demo on a terminal: its spec waits in the forms.
func (c *demoCmd) console(a *cli, self string) error {
	f, err := demo.Start(context.Background(), demo.Config{Binary: self, Drivers: c.Drivers})
	if err != nil {
		return err
	}
	defer f.Close()
	a.Data = f.Dir
	shown := consoleCmd{Kafka: join.Flags{Brokers: []string{f.Broker}}}
	return shown.show(a, demo.Spec(f.Target), nil) // its broker ends with it: no fleet could outlive it
}

type consoleCmd struct {
	Kafka  join.Flags        `embed:"" group:"Kafka"`
	Listen string            `default:"127.0.0.1:9092" placeholder:"HOST:PORT" help:"Where the embedded broker listens, if this console starts it (127.0.0.1:9092)."`
	Theme  string            `default:"auto" placeholder:"NAME" help:"auto, dark, light, safe (for colour-blind eyes) or none (auto)."`
	ASCII  bool              `name:"ascii" help:"No braille, no box drawing."`
	Mouse  bool              `help:"Clicks select, the wheel moves."`
	Keys   map[string]string `placeholder:"ACTION=KEYS" help:"Other keys for actions, such as stop=X or kill=\"D ctrl+k\"."`
}

// Run shows the console, or the fleet in plain words where there is no terminal.
func (c *consoleCmd) Run(a *cli) error {
	if err := c.looks().Validate(); err != nil {
		return &launch.UsageError{Err: err}
	}
	if err := listens(c.Listen); err != nil {
		return err
	}
	if !tui.Usable() {
		return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
			o.View(func(s *fleet.State) { progress.Overview(os.Stdout, s) })
			return nil
		})
	}
	if len(c.Kafka.Brokers) == 0 {
		b, err := join.Start(embedded.Config{Dir: a.Data, Listen: c.Listen})
		if err != nil {
			return err
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
	return tui.Config{Theme: c.Theme, ASCII: c.ASCII, Mouse: c.Mouse, Keys: c.Keys}
}

// show is the console on a bus; its log goes to a file, never to the screen.
func (c *consoleCmd) show(a *cli, spec loadgen.Spec, fleets tui.Hosts) error {
	if err := os.MkdirAll(a.Data, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(a.Data, "console.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	a.out = file
	ctx := context.Background() // the console takes the signals itself
	return a.conductLogged(ctx, c.Kafka, a.log(), func(o *orchestrator.Orchestrator) error {
		looks := c.looks()
		looks.Conductor, looks.Hosts, looks.Version = o, fleets, version
		looks.JoinHint = "landfall driver --brokers " + strings.Join(c.Kafka.Brokers, ",")
		looks.Spec, looks.SpecPath = spec, filepath.Join(a.Data, "last-spec.yaml")
		return tui.Run(ctx, looks)
	})
}

type healthCmd struct {
	Kafka join.Flags `embed:"" group:"Kafka"`
	URL   string     `arg:"" optional:"" help:"URL that must answer with 2xx."`
}

func (c *healthCmd) Run(a *cli) error {
	if c.URL != "" {
		return launch.Answers(interrupted(), c.URL)
	}
	return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
		return launch.Alive(o, home.Host())
	})
}

type specCmd struct {
	FromCurl launch.FromCurl `cmd:"" name:"from-curl" help:"From a curl command, such as browsers copy: as one argument, or on standard input."`
	FromHAR  launch.FromHAR  `cmd:"" name:"from-har" help:"From an HTTP archive that a browser has saved."`
}

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Printf("landfall %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (c *completionCmd) Run(ctx *kong.Context) error {
	return (&kongcompletion.Completion{Shell: c.Shell, Code: true}).Run(ctx)
}

// lifeFlags are how long a process lives that others may have started.
type lifeFlags struct {
	UntilEOF bool `name:"until-eof" hidden:"" help:"End when standard input does."`
}

func (l lifeFlags) ending(word string) <-chan struct{} {
	end := life.ServerEnding(launch.ExitFailed, word)
	if !l.UntilEOF {
		return end
	}
	return life.Either(end, life.EOF(os.Stdin))
}

// listens refuses a --listen that is no address.
func listens(addr string) error {
	if _, port, err := net.SplitHostPort(addr); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err == nil {
			return nil
		}
	}
	return &launch.UsageError{Err: fmt.Errorf("--listen %q: must be host:port, such as 127.0.0.1:8080, with a port from 0 (a free one) to 65535", addr)}
}

// interrupted is a context that ends with the first signal.
func interrupted() context.Context { return until(life.Ending(launch.ExitInterrupted, "")) }

func until(end <-chan struct{}) context.Context { return life.Until(end, launch.ErrInterrupted) }

// conduct hosts an orchestrator while use runs, from when it knows what the topics hold.
func (a *cli) conduct(joining context.Context, f join.Flags, use func(*orchestrator.Orchestrator) error) error {
	return a.conductLogged(joining, f, a.quietLog(), use)
}

// conductLogged is conduct for who has a log that is no screen.
func (a *cli) conductLogged(joining context.Context, f join.Flags, log *slog.Logger, use func(*orchestrator.Orchestrator) error) error {
	bus, err := join.Open(joining, f, a.Data, log)
	if err != nil {
		return err
	}
	defer bus.Close()
	o := orchestrator.New(bus, orchestrator.Config{By: home.User(), Version: version, Log: log})
	return launch.Host(joining, o, use)
}

// watch shows progress on stderr.
func watch(o *orchestrator.Orchestrator, quiet bool) func(context.Context, string) {
	if quiet {
		return nil
	}
	line := &progress.Line{Out: os.Stderr, Terminal: term.IsTerminal(int(os.Stderr.Fd())), Color: colored(os.Stderr), Source: o}
	line.Width, _, _ = term.GetSize(int(os.Stderr.Fd()))
	return line.Watch
}

func colored(f *os.File) bool {
	return term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
