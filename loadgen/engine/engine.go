// Package engine sends the load of one [loadgen.Share] and measures it.
//
// [New] compiles a spec and resolves its target. [Engine.Run] sends the load and delivers a [loadgen.Snapshot] every second until the share
// is complete. [Engine.Adjust] replaces the share while it runs, and [Engine.Drain] stops it after the requests in flight.
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
	"slices"
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
	// Allow is called for every address before it is dialed, with the host that it belongs to ("unix:/path" and the zero address for a Unix
	// socket). resolved means that this process's resolver returned addr for host; otherwise the spec contains it. If Allow is nil, every
	// address is allowed.
	Allow    func(addr netip.AddrPort, host string, resolved bool) error
	Threads  int  // number of loops; 0: one per available core
	Portable bool // use goroutines and net.Conn instead of the platform's poller
	// Dial opens connections instead of a [net.Dialer] and implies Portable. network is "tcp" or "unix"; address is host:port of one of the
	// target's addresses, or a path. It is called from several goroutines and must return when ctx ends. With pipes ([net.Pipe]) as the
	// network, engines and whole fleets run within testing/synctest.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// CPU returns the CPU time used by the load so far; nil: that of this process. Tests on a virtual clock, whose process also runs the
	// fleet and the target, pass their own function.
	CPU func() time.Duration
	// Lookup resolves the target's host name instead of [net.DefaultResolver]; see
	// [net.Resolver.LookupNetIP].
	Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
	// MaxRate and MaxDuration are the owner's limits, regardless of the share: the engine sends at most MaxRate requests per second, and
	// none later than MaxDuration after T0. Requests that are due beyond these limits wait, or are dropped. 0: no limit.
	MaxRate              float64
	MaxDuration          time.Duration
	Bind                 []netip.Addr // source addresses, used in turn
	DriverIndex, Drivers int          // this engine's index among the engines that share the spec
	After                Given        // numbers used by earlier engines of the same driver and run
	Log                  *slog.Logger
	// Exchanged is called with every exchange of a spec with scenarios, by one goroutine at a time. It serves to debug a scenario with one
	// user on one thread. Users then skip think time.
	Exchanged func(Exchange)

	left func(variables map[string]string) // receives the final variables of the user of a spec with one iteration
}

// script returns the options for compiling the script, in a driver whose setup has set variables.
func (o Options) script(values map[string]string) script.Options {
	return script.Options{NodeID: o.NodeID, Version: o.Version, DriverIndex: o.DriverIndex, Drivers: o.Drivers, Setup: values}
}

// endpoint returns the options for connecting.
func (o Options) endpoint() endpoint.Options {
	return endpoint.Options{Allow: o.Allow, Bind: o.Bind, Dial: o.Dial, Lookup: o.Lookup, MayBlock: o.portable()}
}

// otherHosts returns the origins in the steps of scenarios, other than the target's.
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
	endpoints  []*endpoint.Endpoint // by index among the hosts of scenarios; the first one is the target
	expect     []expectation
	secrets    func() hider    // redacts secrets in evidence
	hidden     func() []string // what it redacts, each with its replacement
	derived    []string        // what functions compute from secrets, the same in each request
	derives    bool            // functions compute values from secrets for each request
	idempotent []bool          // by request of the script: whether it may be sent twice

	whyTimeout                string
	notConnected, noHandshake error

	isSetUp bool
	values  map[string]string // variables set by setup

	start         time.Time // T0
	plan          atomic.Pointer[loadgen.Share]
	budget        pace.Budget
	throttle      pace.Throttle
	numbers       sequence
	userNumbers   sequence     // of users
	rowNumbers    sequence     // of rows that are used once
	setupRequests atomic.Int64 // requests of setup and teardown that are not in a snapshot yet
	draining      atomic.Bool
	killed        atomic.Bool

	mu       sync.Mutex
	loops    []*loop
	reached  int64 // upper bound of the numbers of scheduled requests so far
	idle     int   // number of loops with nothing left to do
	finished bool  // all loops were idle at the same time: the run has ended
	first    int   // number of the first interval
	hinted   uint  // bit set by index in hintTexts: hints logged since the last interval
	hinting  uint
	logged   [len(loadgen.Classes)]bool // by class: the first failure was logged
}

// New checks a spec, which must have its defaults, resolves its target's name and prepares its requests. It sends nothing. Errors of the
// spec are of type *FieldError.
func New(spec loadgen.Spec, o Options) (*Engine, error) { return newEngine(spec, o, nil) }

// newEngine returns an engine whose users start with the variables of a setup.
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
	e := &Engine{spec: spec, options: o}
	options := o.script(values)
	options.Derived = e.derive
	script, err := script.Compile(spec, options)
	if err != nil {
		return nil, err
	}
	endpoints, err := endpoint.New(spec, o.endpoint(), otherHosts(script.Program))
	if err != nil {
		return nil, err
	}
	e.script, e.endpoints, e.expect = script, endpoints, newExpectations(script)
	e.hidden = sync.OnceValue(func() []string { return slices.Clip(e.secretsOf(&e.spec)) })
	e.secrets = sync.OnceValue(func() hider { return e.hiding(e.hidden()) })
	e.throttle.Limit(o.MaxRate)
	e.continueAfter(o.After)
	cpu.MayUse() // reads a container's quota now: later, no descriptor may be left for it
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

// Run sends load from start (T0, by this process's clock) until the share is complete, Drain is called or ctx ends, and then returns nil.
// It passes a snapshot to sink after every second, and a last one with Final set when the last request in flight has ended. One goroutine
// at a time calls sink. A slow sink does not delay the load; after a minute, snapshots that wait for it are merged. When ctx ends, requests
// in flight fail at once as read errors.
func (e *Engine) Run(ctx context.Context, start time.Time, share loadgen.Share, sink func(loadgen.Snapshot)) error {
	if err := e.Setup(ctx); err != nil {
		return err
	}
	sink = e.closing(ctx, sink)
	e.start = start
	e.budget.Quota.Store(share.Quota)
	e.plan.CompareAndSwap(nil, &share) // Adjust may have been called before
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

// open creates the loops, at most one per connection.
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

// Adjust replaces the share at its From, or at once if that has passed. Requests that became due earlier stay due. Quota counts from T0, so
// that every request is counted once across shares. It may be called from any goroutine, also before Run.
func (e *Engine) Adjust(s loadgen.Share) {
	e.plan.Store(&s)
	e.wake()
}

// Drain stops issuing requests; Run returns when those in flight have ended. It may be called from any goroutine.
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

// rest records whether a loop has nothing left to do. Once this is true for all loops, the engine is finished and stays so.
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
