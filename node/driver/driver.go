// Package driver is the headless process that generates load: it registers, sends heartbeats, executes the
// commands of the trigger topic within its own limits, and reports every second. The machine decides, the
// Driver executes. Package engine generates the load.
package driver

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"landfall/node"
	"landfall/node/policy"
)

// ErrKilled is returned by Run after a trigger record killed the driver without draining.
var ErrKilled = errors.New("killed by a trigger record")

// Config configures a driver.
type Config struct {
	NodeID         string
	Host           string
	Version        string
	Labels         map[string]string
	AllowTargets   []string      // allowed hosts, host:port or CIDRs; default: loopback only
	MaxRate        float64       // requests per second; 0: no limit
	MaxConnections int           // 0: no limit
	MaxDuration    time.Duration // 0: no limit
	Threads        int           // of the load engine; 0: one per core
	Bind           []netip.Addr  // source addresses of its connections, used in turn; none: chosen by the system
	Portable       bool          // use the load engine's portable loop
	KeyRing        func() int64  // version of the fleet's key ring in force; nil: no keys
	Log            *slog.Logger

	// Dial replaces the [net.Dialer] of the load engine, if it is not nil.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// CPU replaces the CPU time of this process, by which the load engine recognizes that it is the limit, if it is not nil.
	CPU func() time.Duration
}

const (
	tickEvery = 100 * time.Millisecond
	// flushFor limits how long a drained driver waits for its last snapshots to be acknowledged.
	flushFor = 10 * time.Second
	// lastBeatTimeout limits the last heartbeat: without it the driver is lost after five seconds anyway.
	lastBeatTimeout = 2 * time.Second
)

// Driver executes what its machine decides. Run's goroutine owns the machine and the engines; other
// goroutines send it events.
type Driver struct {
	bus    node.Bus
	config Config
	limits policy.Limits
	bootID string
	clock  *node.Clock
	log    *slog.Logger
	links  *links
	outbox *outbox
	events chan func()
	poke   chan struct{} // heartbeat at once
	beat   pulse

	quit     chan struct{}
	quitOnce sync.Once

	machine    *machine
	engines    engines
	complaints node.Complaints
	work       sync.WaitGroup // all goroutines started by Run
	closed     chan struct{}  // closed when events are no longer handled
	registers  bool           // a registration is being published
	result     *end
}

// New returns a driver; Run starts it. An error names the invalid field.
func New(bus node.Bus, c Config) (*Driver, error) {
	if err := node.CheckID("name", c.NodeID); err != nil {
		return nil, err
	}
	limits, err := policy.New(c.policy())
	if err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	bootID := node.NewID()
	return &Driver{
		bus: bus, config: c, limits: limits, bootID: bootID, clock: node.NewClock(), log: c.Log, links: newLinks(c.Log), outbox: newOutbox(bus, c.Log),
		events: make(chan func(), 64), poke: make(chan struct{}, 1), quit: make(chan struct{}), closed: make(chan struct{}),
		machine: newMachine(c.NodeID, bootID, limits), engines: engines{prepared: map[string]*preparedEngine{}},
	}, nil
}

func (d *Driver) registration() *node.Register {
	return &node.Register{
		NodeID: d.config.NodeID, BootID: d.bootID, Host: d.config.Host, PID: pid(), Version: d.config.Version, OS: runtime.GOOS + "/" + runtime.GOARCH,
		Cores: float64(runtime.GOMAXPROCS(0)), Labels: d.config.Labels, AllowTargets: d.limits.AllowTargets(),
		MaxRateRPS: d.config.MaxRate, MaxConnections: d.config.MaxConnections, MaxDurationUS: d.config.MaxDuration.Microseconds(),
	}
}

// Run runs the driver until ctx ends (then it drains, reports, deregisters and returns nil), until a trigger
// record stops it (nil after draining, else ErrKilled), or until Quit. It returns after all of its goroutines
// have exited, except for those of a killed driver that do not exit in time. It may be called once.
func (d *Driver) Run(ctx context.Context) error {
	alive, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	d.work.Go(func() {
		select {
		case <-d.quit:
			stop()
		case <-alive.Done():
		}
	})
	err := d.drive(ctx, alive)
	stop()
	if r := d.result; r == nil || !r.hard {
		d.work.Wait()
	}
	return err
}

func (d *Driver) drive(ctx, alive context.Context) error {
	if err := d.join(ctx, alive); err != nil {
		close(d.closed)
		return nil // stopped before it reached a broker
	}
	tails, stopTails := context.WithCancel(alive)
	defer stopTails()
	d.tail(tails)
	d.work.Go(func() { d.beats(tails) })
	d.work.Go(func() { d.outbox.run(alive) })
	d.loop(ctx, alive)
	close(d.closed)
	stopTails()
	switch r := d.result; {
	case r == nil: // Quit
		return nil
	case r.hard:
		return ErrKilled
	case r.killed:
		d.deregister(alive, stopWithin-time.Since(d.machine.killedAt))
		return ErrKilled
	}
	d.deregister(alive, flushFor)
	return nil
}

// Quit ends Run at once, without draining or reporting.
func (d *Driver) Quit() { d.quitOnce.Do(func() { close(d.quit) }) }

// join waits for the first heartbeat's acknowledgement: then the broker's clock is known.
func (d *Driver) join(ctx, alive context.Context) error {
	first, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(alive, cancel)()
	ack, err := node.Post(first, d.bus, d.heartbeat())
	if err != nil {
		return err
	}
	d.clock.Answered(ack)
	d.machine.reached(d.now())
	d.log.Info("joined the fleet", "name", d.config.NodeID, "allows", d.limits.AllowTargets())
	return nil
}

// tail reads the topics for the machine, each in a goroutine that sends events to Run's.
func (d *Driver) tail(ctx context.Context) {
	from := node.From{Since: d.clock.Broker(time.Now()).Add(-recently)}
	for _, topic := range []node.Topic{node.TopicRegister, node.TopicTestConfig, node.TopicTrigger} {
		r := node.Reader{Record: func(r node.Record) { d.call(func() { d.read(r) }) }}
		r.Answered = func(err error) {
			d.links.answered(topic, err)
			if err == nil && topic == node.TopicTrigger {
				d.call(func() { d.execute(d.machine.reached(d.now())) })
			}
		}
		if topic == node.TopicRegister {
			r.Missing = func(int, int64, int64) { d.call(func() { d.execute(d.machine.unregistered()) }) }
		}
		d.work.Go(func() {
			if err := d.bus.Tail(ctx, topic, from, r); err != nil {
				d.log.Error("cannot read a topic", "topic", topic, "error", err)
			}
		})
	}
}

// read decodes a record for the machine.
func (d *Driver) read(r node.Record) {
	m, err := node.Decode(r)
	if err != nil {
		d.complaints.About(r, err, d.log)
		return
	}
	d.execute(d.machine.received(m, r.Appended, d.now()))
}

func (d *Driver) now() instant {
	local := time.Now()
	return instant{local, d.clock.Broker(local)}
}

// call runs f in Run's goroutine, unless that has stopped handling events.
func (d *Driver) call(f func()) {
	select {
	case d.events <- f:
	case <-d.closed:
	}
}

// loop handles events until the machine ends the driver, or until Quit.
func (d *Driver) loop(ctx, alive context.Context) {
	d.engines.alive = alive
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	d.execute(d.machine.tick(d.now()))
	for done := ctx.Done(); d.result == nil; {
		select {
		case f := <-d.events:
			f()
		case <-tick.C:
			d.execute(d.machine.tick(d.now()))
		case <-done:
			done = nil
			d.execute(d.machine.leave("it was told to exit"))
		case <-alive.Done():
			return
		}
	}
}

// deregister flushes the outbox and sends the last heartbeat.
func (d *Driver) deregister(alive context.Context, within time.Duration) {
	ctx, cancel := context.WithTimeout(alive, within)
	defer cancel()
	if left := d.outbox.flush(ctx); left > 0 {
		d.log.Warn("snapshots were not acknowledged in time and are lost", "snapshots", left)
	}
	d.beat.update(func(h *node.Heartbeat) { h.State, h.TestID, h.Note = node.Gone, "", d.machine.note })
	bye, cancel := context.WithTimeout(ctx, lastBeatTimeout)
	defer cancel()
	if _, err := node.Post(bye, d.bus, d.heartbeat()); err != nil {
		d.log.Warn("could not publish the last heartbeat", "error", err)
	}
}
