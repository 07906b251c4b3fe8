// Package engine sends the load of one [loadgen.Share] and measures it.
//
// [New] compiles a spec and resolves its target; [Engine.Run] sends the load and delivers a [loadgen.Snapshot] every second until the
// share is complete. [Engine.Adjust] replaces the share while it runs, and [Engine.Drain] stops it after the requests in flight.
//
// The work is done by loops, one per thread. Each owns its connections, counters and histograms, so that no request needs a lock, an
// allocation or shared memory. A collector merges the counters once a second. On Linux, loops use epoll directly; elsewhere, and with
// [Options].Portable, they use goroutines and [net.Conn].
//
// Latency counts from the time a request was due (no coordinated omission), service time from when it was sent.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/cpu"
	"landfall/loadgen/endpoint"
	"landfall/loadgen/pace"
	"landfall/loadgen/script"
)

// Options configure an engine; the zero value is usable.
type Options struct {
	NodeID  string // value of {{node}}
	Version string // of landfall, for User-Agent
	// Allow is asked about every address before it is dialled, with the host that led to it ("unix:/path" and the zero
	// address for a Unix socket). resolved: this process's resolver returned addr for host; else the spec gave it. nil:
	// everything is allowed.
	Allow    func(addr netip.AddrPort, host string, resolved bool) error
	Threads  int  // loops; 0: one a core that may be used
	Portable bool // goroutines and net.Conn instead of the platform's own poller
	// Dial opens a connection instead of a [net.Dialer]; the engine is then Portable. network is "tcp" or
	// "unix", address an address of the target (host:port), or a path. It is called from several goroutines
	// and must return when ctx ends. With pipes ([net.Pipe]) for a network, engines and whole fleets run
	// within testing/synctest.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// CPU is the CPU time that the load has used until now; nil: what this process has. A test on a virtual clock, in whose
	// process the fleet and the target are as well, passes its own.
	CPU func() time.Duration
	// Lookup resolves the target's host name instead of [net.DefaultResolver]; see
	// [net.Resolver.LookupNetIP].
	Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
	// MaxRate and MaxDuration are the owner's limits, whatever a share says: at most MaxRate requests per
	// second are sent, and none later than MaxDuration after T0. Requests that are due beyond that wait, or
	// are dropped. 0: no limit.
	MaxRate              float64
	MaxDuration          time.Duration
	Bind                 []netip.Addr // source addresses, used in turn
	DriverIndex, Drivers int          // this engine's place among those that share the spec
	After                Given        // what earlier engines of the same driver and run have given out
	Log                  *slog.Logger
	// Exchanged is called with every exchange of a spec with scenarios, by one goroutine at a time: for one user on one thread, to
	// debug a scenario. Users do not pause then.
	Exchanged func(Exchange)

	left func(variables map[string]string) // what the user of a spec with one iteration leaves behind
}

// script are the options that a script is compiled with, in a driver whose setup has set variables.
func (o Options) script(values map[string]string) script.Options {
	return script.Options{NodeID: o.NodeID, Version: o.Version, DriverIndex: o.DriverIndex, Drivers: o.Drivers, Setup: values}
}

// endpoint are the options of connecting.
func (o Options) endpoint() endpoint.Options {
	return endpoint.Options{Allow: o.Allow, Bind: o.Bind, Dial: o.Dial, Lookup: o.Lookup, MayBlock: o.portable()}
}

// otherHosts are the origins that the steps of scenarios name, besides the target.
func otherHosts(p *script.Program) (origins []string) {
	if p == nil {
		return nil
	}
	for _, host := range p.Hosts[1:] {
		origins = append(origins, host.Origin)
	}
	return origins
}

// portable reports whether the portable poll is used.
func (o Options) portable() bool { return o.Portable || o.Dial != nil || !hasEpoll }

func (o Options) cpu() time.Duration {
	if o.CPU != nil {
		return o.CPU()
	}
	return cpu.Used()
}

// Engine sends the load of one share and measures it. Create it with New; it runs once.
type Engine struct {
	spec       loadgen.Spec
	options    Options
	script     *script.Script
	endpoints  []*endpoint.Endpoint // by place among the hosts of scenarios; the first one is the target
	expect     []expectation
	secrets    func() *strings.Replacer // hides them in evidence
	idempotent []bool                   // by request of the script: it may be sent twice

	whyTimeout                string
	notConnected, noHandshake error

	isSetUp bool
	values  map[string]string // variables that setup has set

	start    time.Time // T0
	plan     atomic.Pointer[loadgen.Share]
	budget   pace.Budget
	throttle throttle
	numbers  sequence
	people   sequence     // of users
	rows     sequence     // of unique data
	asides   atomic.Int64 // requests of setup and teardown that no snapshot has reported yet
	draining atomic.Bool
	killed   atomic.Bool

	mu       sync.Mutex
	loops    []*loop
	reached  int64 // numbers of requests that keep a schedule are below
	idle     int   // loops with nothing left to do
	finished bool  // all were idle at once: the end
	first    int   // number of the first interval
	hinted   uint  // by place in hintTexts: said in the log; since the last interval
	hinting  uint
	logged   [len(loadgen.Classes)]bool // by class: its first failure
}

// New checks a spec (which must have its defaults), resolves its target's name and prepares its requests; nothing is sent
// yet. Wrong specs are a *FieldError.
func New(spec loadgen.Spec, o Options) (*Engine, error) { return newEngine(spec, o, nil) }

// newEngine returns an engine whose users have the variables of a setup.
func newEngine(spec loadgen.Spec, o Options, values map[string]string) (*Engine, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	if o.Threads <= 0 {
		o.Threads = cpu.Cores()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	script, err := script.Compile(spec, o.script(values))
	if err != nil {
		return nil, err
	}
	endpoints, err := endpoint.New(spec, o.endpoint(), otherHosts(script.Program))
	if err != nil {
		return nil, err
	}
	e := &Engine{spec: spec, options: o, script: script, endpoints: endpoints, expect: newExpectations(script)}
	e.secrets = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer(e.secretsOf(&e.spec)...) })
	e.throttle.limit(o.MaxRate)
	e.continueAfter(o.After)
	cpu.MayUse() // reads a container's quota now: later there may be no descriptor left for it
	for i := range script.Requests {
		e.idempotent = append(e.idempotent, idempotent[script.Requests[i].Method])
	}
	within := spec.Timeout.Std()
	e.whyTimeout = fmt.Sprintf("no complete response within %s", within)
	e.notConnected, e.noHandshake = fmt.Errorf("not connected within %s", within), fmt.Errorf("TLS handshake not finished within %s", within)
	if endpoints[0].TLS != nil {
		e.notConnected = fmt.Errorf("connection and TLS handshake not finished within %s", within)
	}
	return e, nil
}

// Run sends load from start (T0, by this process's clock) until the share is carried, Drain is called or ctx ends, and
// then returns nil. sink gets a snapshot after every second since start, and at the end, when the last request in flight
// has ended, one with Final set. It is called by one goroutine at a time; if it is slow the load continues, and after a minute
// of it what waits for it becomes less: one snapshot then covers several seconds. When ctx ends, requests in flight end at once as read errors.
func (e *Engine) Run(ctx context.Context, start time.Time, share loadgen.Share, sink func(loadgen.Snapshot)) error {
	if err := e.Setup(ctx); err != nil {
		return err
	}
	sink = e.closing(ctx, sink)
	e.start = start
	e.budget.Quota.Store(share.Quota)
	e.plan.CompareAndSwap(nil, &share) // an Adjust may have come first
	e.first = max(0, int(time.Since(start)/time.Second))
	if err := e.open(share); err != nil {
		return err
	}
	defer cpu.Spare(len(e.loops))()
	stop := context.AfterFunc(ctx, func() {
		e.killed.Store(true)
		e.wake()
	})
	defer stop()
	snapshots := make(chan loadgen.Snapshot)
	c := newCollector(e, func(s loadgen.Snapshot) { snapshots <- s })
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(snapshots)
		c.run()
	})
	for _, l := range e.loops {
		wg.Go(func() { l.run(share) })
	}
	(&backlog{in: snapshots}).run(sink)
	wg.Wait()
	return nil
}

// open creates the loops: no more than there are connections.
func (e *Engine) open(share loadgen.Share) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := min(e.options.Threads, max(share.Connections, 1))
	for i := range n {
		l, err := newLoop(e, i, n)
		if err != nil {
			for _, l := range e.loops {
				l.poll.close()
			}
			return err
		}
		e.loops = append(e.loops, l)
	}
	return nil
}

// Adjust replaces the share from its From on, or at once if that has passed. Requests that were due before
// stay due. Its Quota counts from T0, so that every request is counted once across shares. It may be called
// from any goroutine, before Run too.
func (e *Engine) Adjust(s loadgen.Share) {
	e.plan.Store(&s)
	e.wake()
}

// Drain stops sending new requests; Run returns when those in flight have ended. It may be called from any
// goroutine.
func (e *Engine) Drain() {
	e.draining.Store(true)
	e.wake()
}

func (e *Engine) wake() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range e.loops {
		l.poll.wake()
	}
}

// rest records that a loop has nothing left to do, or has again. Once all rest, the engine is finished for
// good.
func (e *Engine) rest(l *loop, resting bool) {
	if l.resting == resting {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.finished {
		return
	}
	l.resting = resting
	if !resting {
		e.idle--
		return
	}
	if e.idle++; e.idle == len(e.loops) {
		e.finished = true
		for _, l := range e.loops {
			l.poll.wake()
		}
	}
}

func (e *Engine) isFinished() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.finished
}
