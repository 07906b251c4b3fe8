// Package driver is the headless process that generates load: it registers, heartbeats, obeys the trigger topic within
// its own limits, and reports every second. It leaves what load is to loadgen, and what runs mean to others.
package driver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"landfall/node"
	"landfall/node/life"
	"landfall/node/policy"
)

// ErrKilled is why Run returned when the driver was told to end at once.
var ErrKilled = errors.New("killed by a trigger record")

// Config is what an operator decides about a driver.
type Config struct {
	NodeID         string
	Host           string
	Version        string
	Labels         map[string]string
	AllowTargets   []string      // hosts, host:port or CIDRs that may be loaded; loopback alone if empty
	MaxRate        float64       // requests per second; 0: no cap
	MaxConnections int           // 0: no cap
	MaxDuration    time.Duration // 0: no cap
	Threads        int           // of the load engine; 0: one a core
	Bind           []netip.Addr  // source addresses of its connections, used in turn; none: the system chooses
	Portable       bool          // the load engine's portable loop
	Log            *slog.Logger
}

const (
	beatEvery = time.Second
	// flushFor bounds how long a driver that ends waits for its last snapshots to be acknowledged.
	flushFor = 10 * time.Second
	// goodbyeFor bounds the last heartbeat: without it the driver is lost after five seconds anyway.
	goodbyeFor = 2 * time.Second
	// recently is how far back a new process reads configurations and triggers: older ones can not concern it.
	recently = time.Minute
)

// Driver is one driver. One goroutine, that of Run, owns all of its state; others hand it functions to call.
type Driver struct {
	bus    node.Bus
	config Config
	limits policy.Limits
	bootID string
	clock  *node.Clock
	log    *slog.Logger
	outbox *outbox
	calls  chan func()
	poke   chan struct{} // heartbeat at once
	quit   context.CancelFunc
	quitMu sync.Mutex

	// Owned by Run's goroutine.
	register  node.Register
	confirmed bool // the registration was read back
	armed     map[string]*armed
	carry     *carry // the run that it carries; nil: none
	held      *heldStart
	contact   time.Time // when the trigger topic was last read
	draining  bool      // it ends when its share has drained
	killed    bool
	note      string

	complaints node.Complaints

	beat beat
}

// New makes a driver; Run starts it. An error names the field that is wrong.
func New(bus node.Bus, c Config) (*Driver, error) {
	if err := node.CheckID("name", c.NodeID); err != nil {
		return nil, err
	}
	limits, err := policy.New(c.policy())
	if err != nil {
		return nil, err
	}
	d := &Driver{
		bus: bus, config: c, limits: limits, bootID: newID(), clock: node.NewClock(), log: c.Log,
		outbox: newOutbox(bus), calls: make(chan func(), 64), poke: make(chan struct{}, 1), armed: map[string]*armed{},
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	d.register = node.Register{
		NodeID: c.NodeID, BootID: d.bootID, Host: c.Host, PID: pid(), Version: c.Version, OS: runtime.GOOS + "/" + runtime.GOARCH,
		Cores: float64(runtime.GOMAXPROCS(0)), Labels: c.Labels, AllowTargets: limits.AllowTargets(),
		MaxRateRPS: c.MaxRate, MaxConnections: c.MaxConnections, MaxDurationUS: c.MaxDuration.Microseconds(),
	}
	return d, nil
}

func newID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Run drives until ctx ends (then it drains, reports, deregisters and returns nil), until a trigger record ends it
// (nil after draining, else ErrKilled), or until Quit.
func (d *Driver) Run(ctx context.Context) error {
	alive, quit := context.WithCancel(context.WithoutCancel(ctx))
	defer quit()
	d.quitMu.Lock()
	d.quit = quit
	d.quitMu.Unlock()
	if err := d.meet(ctx); err != nil {
		return nil // told to end before it ever reached a broker
	}
	var wg sync.WaitGroup
	tails, stop := context.WithCancel(alive)
	d.tail(tails, &wg)
	wg.Go(func() { d.beats(tails) })
	boxCtx, closeBox := context.WithCancel(alive)
	wg.Go(func() { d.outbox.run(boxCtx) })
	err := d.loop(ctx, alive)
	stop()
	if err == nil && alive.Err() == nil {
		d.farewell(alive)
	}
	closeBox()
	quit()
	wg.Wait()
	return err
}

// Quit ends Run at once: nothing is drained and nothing more is reported.
func (d *Driver) Quit() {
	d.quitMu.Lock()
	defer d.quitMu.Unlock()
	if d.quit != nil {
		d.quit()
	}
}

// meet waits for the first heartbeat's answer: from then on the broker's clock is known.
func (d *Driver) meet(ctx context.Context) error {
	ack, err := node.Post(ctx, d.bus, d.heartbeat())
	if err != nil {
		return err
	}
	d.clock.Answered(ack)
	d.contact = time.Now()
	d.log.Info("joined the fleet", "name", d.config.NodeID, "allows", d.limits.AllowTargets())
	life.Settle()
	return nil
}

func (d *Driver) tail(ctx context.Context, wg *sync.WaitGroup) {
	from := node.From{Since: d.clock.Broker(time.Now()).Add(-recently)}
	for _, topic := range []node.Topic{node.TopicRegister, node.TopicTestConfig, node.TopicTrigger} {
		r := node.Reader{Record: func(r node.Record) { d.call(ctx, func() { d.read(ctx, r) }) }}
		if topic == node.TopicTrigger {
			r.Answered = func(err error) {
				if err == nil {
					now := time.Now()
					d.call(ctx, func() { d.contact = now })
				}
			}
		}
		if topic == node.TopicRegister {
			r.Missing = func(int, int64, int64) { d.call(ctx, func() { d.confirmed = false }) }
		}
		wg.Go(func() {
			if err := d.bus.Tail(ctx, topic, from, r); err != nil {
				d.log.Error("cannot read a topic", "topic", topic, "error", err)
			}
		})
	}
	wg.Go(func() { d.registering(ctx) })
}

// call hands f to Run's goroutine.
func (d *Driver) call(ctx context.Context, f func()) {
	select {
	case d.calls <- f:
	case <-ctx.Done():
	}
}

// loop owns the driver's state until it has nothing left to do.
func (d *Driver) loop(ctx, alive context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	done := ctx.Done()
	for {
		select {
		case f := <-d.calls:
			f()
		case <-tick.C:
			d.expire(time.Now())
		case <-done:
			done = nil
			d.drain("it was told to end")
		case <-alive.Done():
			return nil
		}
		if d.killed {
			return ErrKilled
		}
		if d.draining && d.carry == nil {
			return nil
		}
	}
}

// drain makes the driver end as soon as its share has drained.
func (d *Driver) drain(why string) {
	d.draining, d.note = true, why
	if d.carry != nil {
		d.carry.drain()
	}
	d.changed()
}

// farewell sends what is left to send, and the last heartbeat.
func (d *Driver) farewell(alive context.Context) {
	ctx, cancel := context.WithTimeout(alive, flushFor)
	defer cancel()
	if left := d.outbox.flush(ctx); left > 0 {
		d.log.Warn("snapshots were not acknowledged in time and are lost", "snapshots", left)
	}
	d.beat.update(func(h *node.Heartbeat) { h.State, h.TestID, h.Note = node.Gone, "", d.note })
	bye, cancel := context.WithTimeout(ctx, goodbyeFor)
	defer cancel()
	if _, err := node.Post(bye, d.bus, d.heartbeat()); err != nil {
		d.log.Warn("could not say goodbye", "error", err)
	}
}

// expire does what only the passing of time brings.
func (d *Driver) expire(now time.Time) {
	for id, a := range d.armed {
		if now.Sub(a.at) > recently {
			delete(d.armed, id)
			d.changed()
		}
	}
	if d.held != nil && now.Sub(d.held.at) > node.StartValidity*time.Second {
		d.held = nil
	}
	d.leaveEnded(now)
	if c := d.carry; c != nil && !c.drained {
		if silent := now.Sub(d.contact); silent > c.spec.OrphanTimeout.Std() {
			c.drain()
			d.note = fmt.Sprintf("orphaned: Kafka could not be read for %.0f s, so nobody could have told it to stop", silent.Seconds())
			d.log.Warn("ends its load", "run", c.testID, "why", d.note)
			d.changed()
		}
	}
}
