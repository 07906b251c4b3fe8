package orchestrator

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/engine/pipetest"
	"landfall/node"
	"landfall/node/driver"
	"landfall/node/membus"
	"landfall/node/report"
)

// site is a bus, a counting target, and the drivers and orchestrators of a test. It runs within
// testing/synctest: connections are pipes, and time only passes while all goroutines wait.
type site struct {
	t      *testing.T
	bus    *membus.Bus
	url    string
	served atomic.Int64
	ctx    context.Context
	wg     sync.WaitGroup
	hold   *sync.RWMutex // while it is locked, no heartbeat can be written; nil: always writable
}

// virtual runs a test on a virtual clock, with a new site.
func virtual(t *testing.T, f func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { f(t, newSite(t)) })
}

func newSite(t *testing.T) *site {
	s := &site{t: t, bus: membus.New(), url: "http://127.0.0.1/"}
	ctx, cancel := context.WithCancel(context.Background())
	s.ctx = ctx
	t.Cleanup(func() { cancel(); s.wg.Wait() })
	return s
}

// serviceTime is the target's response time.
const serviceTime = time.Millisecond

// dial connects to the target.
func (s *site) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return pipetest.Dial(func() {
		s.served.Add(1)
		time.Sleep(serviceTime)
	})(ctx, network, address)
}

// node returns a node's connection to the bus.
func (s *site) node(id string) node.Bus {
	if s.hold == nil {
		return s.bus.Node(id)
	}
	return holding{s.bus.Node(id), s.hold}
}

// driver starts a driver; end drains it, quit kills it.
func (s *site) driver(id string, change ...func(*driver.Config)) (d *driver.Driver, end context.CancelFunc) {
	c := driver.Config{NodeID: id, Host: "host-" + id, Threads: 1, Dial: s.dial, CPU: func() time.Duration { return 0 }}
	for _, f := range change {
		f(&c)
	}
	d, err := driver.New(s.node(id), c)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, end := context.WithCancel(s.ctx)
	s.wg.Go(func() { _ = d.Run(ctx) })
	return d, end
}

func (s *site) orchestrator(id string) *Orchestrator {
	o := New(s.node(id), Config{ID: id, By: "test@" + id})
	s.wg.Go(func() { _ = o.Run(s.ctx) })
	select {
	case <-o.Ready():
	case <-time.After(10 * time.Second):
		s.t.Fatal("not ready")
	}
	return o
}

func (s *site) tsunami(rate float64, d time.Duration) loadgen.Spec {
	return loadgen.Spec{Kind: loadgen.Tsunami, Target: s.url, RateRPS: rate, Duration: loadgen.Duration(d), Connections: 8}
}

// finished waits for the report and checks its invariants.
func (s *site) finished(o *Orchestrator, id string) *report.Report {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, 60*time.Second)
	defer cancel()
	r, err := o.Wait(ctx, id)
	if err != nil {
		s.t.Fatal(err)
	}
	if failed := r.ErrorCount(); r.Requests != r.Responses+failed {
		s.t.Errorf("%d requests are not %d responses and %d errors", r.Requests, r.Responses, failed)
	}
	return r
}

func (s *site) trigger(o *Orchestrator, spec loadgen.Spec, sel Selection) string {
	s.t.Helper()
	id, err := o.Trigger(s.ctx, spec, sel)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}
