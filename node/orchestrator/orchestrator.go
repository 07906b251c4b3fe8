// Package orchestrator controls runs over a Bus: it configures, arms and starts them, watches them, reassigns
// the share of a lost driver, stops them and writes their report. Package fleet folds the messages. The
// console, `run` and `serve` each host an orchestrator.
package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"landfall/node"
	"landfall/node/fleet"
)

// Config configures an orchestrator.
type Config struct {
	ID      string // of this process, in records; default: random
	By      string // recorded as the author of actions: user@host, or a token's name
	Version string // of landfall, for reports
	Keys    Keys   // of the fleet, used by the bus; nil: none, nothing is verified

	Unsigned bool // records come from outside and nothing verifies them: warn once
	Log      *slog.Logger
}

const (
	tickEvery = 100 * time.Millisecond
	// heartbeatsFrom is how far back heartbeats are read: enough to know which drivers are alive.
	heartbeatsFrom = 10 * time.Second
)

// Orchestrator reads all topics and conducts the runs that it controls. Its methods are safe for concurrent use.
type Orchestrator struct {
	bus    node.Bus
	config Config
	log    *slog.Logger
	clock  *node.Clock
	ready  chan struct{}
	writes sync.WaitGroup // records that are being written

	mu           sync.Mutex
	state        *fleet.State
	subscribers  map[chan struct{}]struct{}
	evidence     evidence
	brokerTime   brokerTime
	helmShown    time.Time // when this orchestrator last showed that it is at the helm
	trouble      error     // why topics cannot be read; nil: they can
	troubleSince time.Time // when that started or ended
	complaints   node.Complaints
	refusalLog   refusalLog
	unsigned     map[string]bool // reported drivers without a key
	ring         int64           // last reported version of the key ring; 0: none
	caughtUp     bool            // everything that was on the topics has been folded
	conducted    map[string]*conduct
}

// New returns an orchestrator; Run starts it.
func New(bus node.Bus, c Config) *Orchestrator {
	if c.ID == "" {
		c.ID = node.NewID()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	state := fleet.New()
	state.Behind()
	return &Orchestrator{
		bus: bus, config: c, log: c.Log, clock: node.NewClock(), ready: make(chan struct{}), state: state,
		subscribers: map[chan struct{}]struct{}{}, conducted: map[string]*conduct{},
	}
}

// Ready returns a channel that is closed once everything that was on the topics has been folded.
func (o *Orchestrator) Ready() <-chan struct{} { return o.ready }

// ID returns the id of this process in its records.
func (o *Orchestrator) ID() string { return o.config.ID }

// Run reads and folds the topics and controls runs, until ctx ends (nil) or a topic can never be read.
func (o *Orchestrator) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	failed := make(chan error, len(node.Topics))
	wg.Go(func() { o.measureClock(ctx) })
	// Metrics can only be folded after test_config and trigger; results tell which runs need none.
	first := []node.Topic{node.TopicRegister, node.TopicTestConfig, node.TopicTrigger, node.TopicResults}
	if o.config.Keys != nil {
		first = append(first, node.TopicKeys)
	}
	var read sync.WaitGroup
	for _, topic := range first {
		read.Add(1)
		o.tail(ctx, &wg, topic, node.From{}, read.Done, failed)
	}
	wg.Go(func() {
		if !wait(ctx, &read) {
			return
		}
		read.Add(2)
		o.tail(ctx, &wg, node.TopicHeartbeat, node.From{Since: o.heartbeatsSince()}, read.Done, failed)
		o.tail(ctx, &wg, node.TopicMetrics, node.From{Since: o.metricsSince()}, read.Done, failed)
		if wait(ctx, &read) {
			o.mu.Lock()
			o.state.CaughtUp()
			o.follow()
			if _, _, known := o.clock.Offset(); known {
				o.state.Tick(o.Now())
			}
			o.caughtUp = true
			o.warnUnsigned()
			o.noteRing()
			o.mu.Unlock()
			close(o.ready)
		}
	})
	err := o.loop(ctx, failed)
	cancel()
	wg.Wait()
	o.writes.Wait()
	return err
}

// wait waits for w, unless ctx ends first.
func wait(ctx context.Context, w *sync.WaitGroup) bool {
	done := make(chan struct{})
	go func() {
		w.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

func (o *Orchestrator) loop(ctx context.Context, failed <-chan error) error {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			o.tick(ctx)
		case err := <-failed:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

func (o *Orchestrator) tail(ctx context.Context, wg *sync.WaitGroup, topic node.Topic, from node.From, live func(), failed chan<- error) {
	r := node.Reader{Record: o.fold, Live: live}
	if topic == node.TopicHeartbeat {
		r.Answered = o.heard
	} else {
		r.Answered = o.noteTrouble
	}
	r.Missing = func(partition int, from, to int64) {
		o.log.Warn("records are gone", "topic", topic, "partition", partition, "from", from, "to", to)
	}
	wg.Go(func() {
		if err := o.bus.Tail(ctx, topic, from, r); err != nil {
			failed <- fmt.Errorf("read %s: %w", topic, err)
		}
	})
}

// heartbeatsSince returns a time a few seconds before the newest known record. If the broker's clock is not
// known yet, this process's is used: reading too much does no harm.
func (o *Orchestrator) heartbeatsSince() time.Time {
	return o.clock.Broker(time.Now()).Add(-heartbeatsFrom)
}

// metricsSince returns the start of the oldest run that may still need metrics.
func (o *Orchestrator) metricsSince() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	since := o.clock.Broker(time.Now()).Add(-heartbeatsFrom)
	for _, r := range o.state.Runs() {
		if r.Active() && r.T0.Before(since) {
			since = r.T0
		}
	}
	return since.Add(-time.Second)
}

// fold decodes a record before it takes the lock, and folds it. A heartbeat without a value is an
// orchestrator's probe: it measures the broker's clock and shows that heartbeats can be written. The bus
// handles key rings.
func (o *Orchestrator) fold(r node.Record) {
	var m node.Message
	var err error
	silent := r.Refused == nil && (r.Topic == node.TopicKeys || r.Topic == node.TopicHeartbeat && len(r.Value) == 0)
	if !silent {
		m, err = node.Decode(r)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	at := r.Appended
	if r.Topic == node.TopicHeartbeat {
		at = o.heardAt(r.Appended, time.Now())
	}
	o.refused(r)
	if id, is := node.HelmOf(r.Key); is && silent && r.Topic == node.TopicHeartbeat {
		o.state.HelmSeen(id, at)
	}
	if m != nil && err == nil {
		err = o.state.Apply(m, at)
		o.noteUnsigned(m, at)
	}
	if err != nil {
		o.complaints.About(r, err, o.log)
	}
	o.signal()
}

func (o *Orchestrator) noteTrouble(err error) {
	if err == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.setTrouble(err)
}

func (o *Orchestrator) setTrouble(err error) {
	if (err == nil) != (o.trouble == nil) {
		o.troubleSince = time.Now()
		o.signal()
	}
	o.trouble = err
}

// Connected returns why the broker cannot be read; nil if it can.
func (o *Orchestrator) Connected() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.trouble
}

// Now returns the time on the broker's clock.
func (o *Orchestrator) Now() time.Time { return o.clock.Broker(time.Now()) }

// View calls f with the state of the fleet, which f must neither change nor keep.
func (o *Orchestrator) View(f func(*fleet.State)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.follow() // otherwise Now may use another clock than the state that f sees
	f(o.state)
}

// Subscribe returns a channel with room for one signal: something was folded since the last receive.
func (o *Orchestrator) Subscribe() (changed <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.subscribers[c] = struct{}{}
	return c, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.subscribers, c)
	}
}

func (o *Orchestrator) signal() {
	for c := range o.subscribers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// until calls f with the state after every change until it returns true.
func (o *Orchestrator) until(ctx context.Context, f func(*fleet.State) bool) error {
	changed, cancel := o.Subscribe()
	defer cancel()
	for {
		done := false
		o.View(func(s *fleet.State) { done = f(s) })
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// publish publishes a record and updates the broker's clock from the acknowledgement.
func (o *Orchestrator) publish(ctx context.Context, m node.Message) error {
	ack, err := node.Post(ctx, o.bus, m)
	if err != nil {
		return err
	}
	o.clock.Answered(ack)
	return nil
}

// ErrUnknownRun means that no topic has a run with that test id.
var ErrUnknownRun = errors.New("no such run")
