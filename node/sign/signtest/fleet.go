// Package signtest runs whole fleets with keys over any bus, and attacks them with write access to every
// topic.
package signtest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/driver"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/node/report"
	"landfall/node/sign"
)

// Fleet is a root key, a ring and its members, a target that counts, and a bus.
type Fleet struct {
	t       *testing.T
	connect func(name string) node.Bus
	prefix  string
	ctx     context.Context
	wg      sync.WaitGroup

	Root  *sign.Key
	Keys  map[string]*sign.Key
	Ring  *sign.Ring
	buses []*sign.Bus

	URL    string
	Served atomic.Int64 // requests to URL
	Evil   atomic.Int64 // requests to any other path
}

// New creates the keys of a fleet: operators ann and bob, the viewer vic and the named drivers. connect
// returns each process's connection to the bus, whose topics have the prefix.
func New(t *testing.T, connect func(name string) node.Bus, prefix string, drivers ...string) *Fleet {
	f := &Fleet{t: t, connect: connect, prefix: prefix, Root: sign.NewKey(), Keys: map[string]*sign.Key{}}
	f.Ring = sign.NewRing(f.Root)
	for name, role := range map[string]node.Role{"ann": node.RoleOperator, "bob": node.RoleOperator, "vic": node.RoleViewer} {
		f.Trust(name, role)
	}
	for _, name := range drivers {
		f.Trust(name, node.RoleDriver)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counter := &f.Evil
		if r.URL.Path == "/good" {
			counter = &f.Served
		}
		counter.Add(1)
		fmt.Fprint(w, "ok")
	}))
	t.Cleanup(server.Close)
	f.URL = server.URL + "/good"
	ctx, cancel := context.WithCancel(context.Background())
	f.ctx = ctx
	t.Cleanup(func() { cancel(); f.wg.Wait() })
	return f
}

// Trust gives a member a new key, in force in processes started later, or after Distribute.
func (f *Fleet) Trust(name string, role node.Role) {
	k := sign.NewKey()
	f.Keys[name] = k
	f.Change(sign.Trust(sign.Member{Public: k.Public(), Signer: node.Signer{Name: name, Role: role}}))
}

// Change creates the ring's next version.
func (f *Fleet) Change(change func(*[]sign.Member) error) {
	f.t.Helper()
	next, err := f.Ring.Next(f.Root, nil, change)
	if err != nil {
		f.t.Fatal(err)
	}
	f.Ring = next
}

// Distribute installs the newest ring in every process.
func (f *Fleet) Distribute() {
	f.t.Helper()
	for _, b := range f.buses {
		if err := b.Replace(f.Ring); err != nil {
			f.t.Fatal(err)
		}
	}
}

// Bus returns the bus of a process with a member's key.
func (f *Fleet) Bus(key, process, driver string) *sign.Bus {
	f.t.Helper()
	b, err := sign.Wrap(f.connect(process), sign.Config{Prefix: f.prefix, Ring: f.Ring, Key: f.Keys[key], Driver: driver, Published: true})
	if err != nil {
		f.t.Fatal(err)
	}
	f.buses = append(f.buses, b)
	f.wg.Go(func() { b.FollowTopic(f.ctx, slog.New(slog.DiscardHandler)) })
	return b
}

// Publish installs the newest ring in every process by publishing it on the topic of rings.
func (f *Fleet) Publish() {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, 20*time.Second)
	defer cancel()
	if err := f.Ring.Publish(ctx, f.connect("publisher")); err != nil {
		f.t.Fatal(err)
	}
}

// Driver starts a driver with its key.
func (f *Fleet) Driver(name string) *driver.Driver {
	f.t.Helper()
	bus := f.Bus(name, name, name)
	d, err := driver.New(bus, driver.Config{NodeID: name, Host: "host-" + name, Threads: 1, KeyRing: bus.Version})
	if err != nil {
		f.t.Fatal(err)
	}
	f.wg.Go(func() { _ = d.Run(f.ctx) })
	return d
}

// Orchestrator starts an orchestrator with a member's key.
func (f *Fleet) Orchestrator(key, process string) *orchestrator.Orchestrator {
	f.t.Helper()
	bus := f.Bus(key, process, "")
	o := orchestrator.New(bus, orchestrator.Config{ID: process, By: key, Keys: bus})
	f.wg.Go(func() { _ = o.Run(f.ctx) })
	select {
	case <-o.Ready():
	case <-time.After(20 * time.Second):
		f.t.Fatal("the orchestrator is not ready")
	}
	return o
}

// Tsunami returns a spec for the fleet's target.
func (f *Fleet) Tsunami(rate float64, d time.Duration) loadgen.Spec {
	return loadgen.Spec{Kind: loadgen.Tsunami, Target: f.URL, RateRPS: rate, Duration: loadgen.Duration(d), Connections: 8}
}

// Start starts a run.
func (f *Fleet) Start(o *orchestrator.Orchestrator, spec loadgen.Spec, drivers ...string) string {
	f.t.Helper()
	id, err := o.Trigger(f.ctx, spec, orchestrator.Selection{IDs: drivers, Wait: 20 * time.Second})
	if err != nil {
		f.t.Fatal(err)
	}
	return id
}

// Report waits for a run's report.
func (f *Fleet) Report(o *orchestrator.Orchestrator, id string) *report.Report {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, time.Minute)
	defer cancel()
	r, err := o.Wait(ctx, id)
	if err != nil {
		f.t.Fatal(err)
	}
	return r
}

// Until waits until the fleet's state satisfies ok.
func (f *Fleet) Until(o *orchestrator.Orchestrator, what string, ok func(*fleet.State) bool) {
	f.t.Helper()
	changed, cancel := o.Subscribe()
	defer cancel()
	late := time.After(30 * time.Second)
	for {
		done := false
		o.View(func(s *fleet.State) { done = ok(s) })
		if done {
			return
		}
		select {
		case <-changed:
		case <-late:
			f.t.Fatalf("not within 30 s: %s; events:\n%s", what, Events(o))
		}
	}
}

// Events returns all events, one per line.
func Events(o *orchestrator.Orchestrator) string {
	var b strings.Builder
	o.View(func(s *fleet.State) {
		for _, e := range s.Events() {
			fmt.Fprintf(&b, "%s %s %s\n", e.Kind, e.NodeID, e.Text)
		}
	})
	return b.String()
}
