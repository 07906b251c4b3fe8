package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"time"

	"landfall/kafkabus/join"
	"landfall/node/detach"
	"landfall/node/home"
	"landfall/node/launch"
	"landfall/node/sshfleet"
	"landfall/node/sshfleet/hosts"
)

type upCmd struct {
	named
	Kafka       join.Flags        `embed:"" group:"Kafka"`
	Host        []string          `arg:"" optional:"" name:"host" help:"[USER@]HOST[:PORT]: where drivers are to run; none: where they did last."`
	Hosts       string            `placeholder:"FILE" help:"YAML file of hosts, beside those that are typed."`
	PerHost     int               `name:"per-host" placeholder:"N" help:"Drivers on each host that does not say itself (1)."`
	Label       map[string]string `mapsep:"," placeholder:"KEY=VALUE" help:"Label of all drivers; as often as wanted. Each has fleet=NAME."`
	AllowTarget []string          `name:"allow-target" placeholder:"HOST|CIDR[:PORT]" help:"What the drivers may load; as often as wanted (loopback alone)."`
	DriverFlag  []string          `name:"driver-flag" sep:"none" placeholder:"--FLAG=VALUE" help:"Further flag of all drivers, such as --max-rate=500; as often as wanted."`
	Tunnel      bool              `help:"Lead the drivers to the brokers through SSH: for hosts that cannot reach them, and for the embedded broker."`
	Detach      bool              `help:"Return when the hosts are up, and watch them in the background until landfall fleet down."`
	Binaries    string            `placeholder:"DIR" help:"Folder of landfall-GOOS-GOARCH, for hosts of another system than this one."`
	SSH         string            `name:"ssh" default:"ssh" placeholder:"FILE" help:"OpenSSH's client (ssh)."`
	SSHConfig   string            `name:"ssh-config" placeholder:"FILE" help:"Its configuration (its own)."`
	ConnectFor  time.Duration     `name:"ssh-timeout" default:"10s" placeholder:"TIME" help:"Of connecting to a host (10s)."`
	Grace       time.Duration     `default:"30s" placeholder:"TIME" help:"For drivers to drain at the end, before they are killed (30s)."`
	Watch       bool              `hidden:"" help:"Be the background process of --detach."`
}

// Run brings the fleet up and watches it.
func (c *upCmd) Run(w *World) error {
	s, err := c.store(w)
	if err != nil {
		return err
	}
	if c.Watch {
		return c.inBackground(w, s)
	}
	end := ending("")
	p, err := c.prepare(until(end), w, s)
	if err != nil {
		return err
	}
	if c.Detach {
		return c.detach(w, s, end)
	}
	held, err := hold(s, c.Fleet)
	if err != nil {
		return err
	}
	defer held.Release()
	p.Log = w.Quiet
	return watch(s, p, end, board(os.Stderr), func() {})
}

// prepare makes the plan and remembers it, unless the fleet is up already.
func (c *upCmd) prepare(ctx context.Context, w *World, s sshfleet.Store) (p sshfleet.Plan, err error) {
	if pid, yes := watched(s); yes {
		return p, fmt.Errorf("fleet %s: is up already, watched by process %d; landfall fleet down ends it", c.Fleet, pid)
	}
	if p, err = c.plan(ctx, w, s); err != nil {
		return p, err
	}
	states, err := s.States()
	if err != nil {
		return p, err
	}
	if left := forgotten(states, p.Hosts); left != "" {
		return p, fmt.Errorf("fleet %s: drivers may be left on %s, which is not among these hosts: landfall fleet down first, or another --fleet", c.Fleet, left)
	}
	return p, s.SavePlan(p)
}

// forgotten is a host that has drivers and would not be remembered any more; "": there is none.
func forgotten(states []hosts.State, list []hosts.Host) string {
	for _, s := range states {
		if s.Touched && !slices.ContainsFunc(list, func(h hosts.Host) bool { return h.Name == s.Host && h.String() == s.Address }) {
			return s.Address
		}
	}
	return ""
}

// plan is what the flags say, or what was remembered if they name no host.
func (c *upCmd) plan(ctx context.Context, w *World, s sshfleet.Store) (sshfleet.Plan, error) {
	last, err := s.Plan()
	if err != nil && !errors.Is(err, sshfleet.ErrUnknown) {
		return last, err
	}
	if len(c.Host) == 0 && c.Hosts == "" && err == nil {
		return last, nil
	}
	p, err := c.asked()
	if err != nil {
		return p, &launch.UsageError{Err: err}
	}
	p.Owner = home.User()
	if last.Owner != "" {
		p.Owner = last.Owner // whatever this machine was called then
	}
	if p.Config.Validate() != nil {
		return p, &launch.UsageError{Err: p.Config.Validate()}
	}
	return p, c.reach(ctx, w, &p)
}

// asked is the plan but for Kafka.
func (c *upCmd) asked() (p sshfleet.Plan, err error) {
	if c.PerHost < 0 || c.PerHost > hosts.MaxDrivers {
		return p, fmt.Errorf("--per-host %d: must be between 1 and %d", c.PerHost, hosts.MaxDrivers)
	}
	for _, limit := range []struct {
		flag  string
		value time.Duration
	}{{"ssh-timeout", c.ConnectFor}, {"grace", c.Grace}} {
		if limit.value < time.Second || limit.value > 10*time.Minute {
			return p, fmt.Errorf("--%s %s: must be between 1s and 10m", limit.flag, limit.value)
		}
	}
	list, defaults, err := c.list()
	if err != nil {
		return p, err
	}
	if c.PerHost > 0 {
		defaults.Drivers = c.PerHost
	}
	flags := slices.Clone(c.DriverFlag)
	for _, t := range c.AllowTarget {
		flags = append(flags, "--allow-target="+t)
	}
	all := hosts.Host{Drivers: defaults.Drivers, Labels: map[string]string{}, Flags: slices.Concat(flags, defaults.Flags)}
	for _, labels := range []map[string]string{c.Label, defaults.Labels} {
		for k, v := range labels {
			all.Labels[k] = v
		}
	}
	p.Config = sshfleet.Config{Name: c.Fleet, Grace: c.Grace, SSH: sshfleet.SSH{Command: c.SSH, Connect: c.ConnectFor}}
	if p.Hosts, err = hosts.Complete(list, all); err != nil {
		return p, err
	}
	for _, path := range []struct {
		given string
		to    *string
	}{{c.Binaries, &p.Others}, {c.SSHConfig, &p.SSH.Config}} {
		if path.given == "" {
			continue
		}
		if _, err := os.Stat(path.given); err != nil {
			return p, err
		}
		if *path.to, err = filepath.Abs(path.given); err != nil {
			return p, err
		}
	}
	return p, nil
}

// list are the hosts that are typed, and those of the file.
func (c *upCmd) list() (list []hosts.Host, defaults hosts.Host, err error) {
	if c.Hosts != "" {
		data, err := os.ReadFile(c.Hosts)
		if err != nil {
			return nil, defaults, fmt.Errorf("--hosts: %w", err)
		}
		if list, defaults, err = hosts.Read(c.Hosts, data); err != nil {
			return nil, defaults, err
		}
	}
	for _, text := range c.Host {
		h, err := hosts.Parse(text)
		if err != nil {
			return nil, defaults, err
		}
		list = append(list, h)
	}
	return list, defaults, nil
}

// reach says how the drivers get to Kafka.
func (c *upCmd) reach(ctx context.Context, w *World, p *sshfleet.Plan) error {
	if err := c.Kafka.Check(); err != nil {
		return err
	}
	brokers := c.Kafka.Brokers
	if c.Tunnel || len(brokers) == 0 {
		bus, err := join.Open(ctx, c.Kafka, w.Data, w.Quiet)
		if err != nil {
			return err
		}
		defer bus.Close()
		advertised, err := bus.Brokers(ctx)
		if err != nil {
			return err
		}
		if len(brokers) == 0 {
			brokers = advertised
		}
		if c.Tunnel {
			p.Tunnel = slices.Compact(slices.Sorted(slices.Values(slices.Concat(brokers, advertised))))
		}
	}
	for _, b := range brokers {
		if !c.Tunnel && loopback(b) {
			return &launch.UsageError{Err: fmt.Errorf("--brokers %s: is this machine alone; --tunnel leads the hosts' drivers to it through SSH", b)}
		}
	}
	p.Flags = append(c.kafkaFlags(brokers), p.Flags...)
	for _, f := range []sshfleet.NamedFile{{Flag: "--kafka-password-file", Path: c.Kafka.PasswordFile}, {Flag: "--kafka-ca", Path: c.Kafka.CA},
		{Flag: "--kafka-cert", Path: c.Kafka.Cert}, {Flag: "--kafka-key", Path: c.Kafka.Key}} {
		if f.Path == "" {
			continue
		}
		path, err := filepath.Abs(f.Path)
		if err != nil {
			return err
		}
		f.Path = path
		p.Named = append(p.Named, f)
	}
	return nil
}

// kafkaFlags are those of the drivers that hold no secret.
func (c *upCmd) kafkaFlags(brokers []string) []string {
	flags := []string{"--brokers=" + strings.Join(brokers, ","), "--prefix=" + c.Kafka.Prefix}
	if c.Kafka.SASL != "" {
		flags = append(flags, "--kafka-sasl="+c.Kafka.SASL, "--kafka-user="+c.Kafka.User)
	}
	if c.Kafka.TLS {
		flags = append(flags, "--kafka-tls")
	}
	return flags
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// watch brings the fleet up, and down when it is to end.
func watch(s sshfleet.Store, p sshfleet.Plan, end <-chan struct{}, b *hosts.Board, ready func()) error {
	config, err := p.Whole()
	if err != nil {
		return err
	}
	f, err := sshfleet.New(config)
	if err != nil {
		return err
	}
	states, err := s.States()
	if err != nil {
		return err
	}
	f.Remember(states)
	if err := s.SaveStates(f.States()); err != nil {
		return err
	}
	ready()
	done, shown := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(shown)
		record(s, f, b, done)
	}()
	up := make(chan error, 1)
	go func() { up <- f.Up(context.Background()) }()
	select {
	case err = <-up:
	case <-end:
		b.Say("landfall: ending the drivers; once more leaves at once, and leaves them")
		err = f.Down(context.Background(), false)
	}
	close(done)
	<-shown
	if failed := s.SaveStates(f.States()); err == nil {
		err = failed
	}
	return err
}

// record shows the states, and writes them down when they change.
func record(s sshfleet.Store, f *sshfleet.Fleet, b *hosts.Board, done <-chan struct{}) {
	var saved []hosts.State
	follow(b, func() []hosts.State {
		states := f.States()
		if !reflect.DeepEqual(states, saved) && s.SaveStates(states) == nil { // a full disk is no reason to let a fleet go
			saved = states
		}
		return states
	}, done)
}

// inBackground is the watching process of a fleet that is detached.
func (c *upCmd) inBackground(w *World, s sshfleet.Store) error {
	signal.Ignore(syscall.SIGHUP)
	end := ending("ending the drivers")
	p, err := s.Plan()
	if err != nil {
		return err
	}
	held, err := hold(s, c.Fleet)
	if err != nil {
		return err
	}
	defer held.Release()
	p.Log = w.Log
	return watch(s, p, end, &hosts.Board{Out: io.Discard}, held.Ready)
}

// detach starts the watching process, and waits until every host is up, or has failed for once.
func (c *upCmd) detach(w *World, s sshfleet.Store, end <-chan struct{}) error {
	if err := c.startWatcher(w, s); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		settled(s, end)
	}()
	follow(board(os.Stderr), func() []hosts.State { states, _ := s.States(); return states }, done)
	states, err := s.States()
	if err != nil {
		return err
	}
	pid, yes := watched(s)
	if !yes {
		return fmt.Errorf("fleet %s: the process that watches it has ended; its log is %s", c.Fleet, logOf(s))
	}
	fmt.Printf("fleet %s is watched by process %d; its log is %s\nend it with: landfall fleet down --fleet %s\n", c.Fleet, pid, logOf(s), c.Fleet)
	return allUp(states)
}

func (c *upCmd) startWatcher(w *World, s sshfleet.Store) error {
	args := []string{"fleet", "up", "--watch", "--fleet", c.Fleet, "--data", w.Data}
	if err := detach.Start(s.Dir, watcher, args, io.Discard); err != nil {
		return fmt.Errorf("watch fleet %s: %s", c.Fleet, strings.TrimPrefix(err.Error(), "driver "+watcher+" "))
	}
	return nil
}

// settleFor bounds how long --detach waits for hosts.
const settleFor = 10 * time.Minute

// settled waits until every host is up, or has failed for once.
func settled(s sshfleet.Store, end <-chan struct{}) {
	limit := time.After(settleFor)
	tick := time.NewTicker(redrawEvery)
	defer tick.Stop()
	for {
		states, err := s.States()
		if _, yes := watched(s); err != nil || !yes || !slices.ContainsFunc(states, func(s hosts.State) bool { return s.Pending(time.Now()) }) {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			return
		case <-end:
			return
		}
	}
}

// logOf is the log of a detached watching process.
func logOf(s sshfleet.Store) string { return detach.FilesOf(s.Dir, watcher).Log }
