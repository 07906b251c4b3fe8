package signtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/driver"
	"landfall/node/fleet"
	"landfall/node/membus"
	"landfall/node/orchestrator"
	"landfall/node/report"
	"landfall/node/sign"
)

func inMemory(t *testing.T, drivers ...string) (*Fleet, *membus.Bus) {
	bus := membus.New()
	return New(t, func(name string) node.Bus { return bus.Node(name) }, "landfall.", drivers...), bus
}

// ways lists how a new ring reaches running processes.
var ways = map[string]func(*Fleet){"by file": (*Fleet).Distribute, "by topic": (*Fleet).Publish}

// An operator's key is replaced during a run: trust the new one, adopt the run with it, revoke the old one.
func TestReplacingAKeyKeepsItsRuns(t *testing.T) {
	for name, distribute := range ways {
		t.Run(name, func(t *testing.T) { replaceKey(t, distribute) })
	}
}

func replaceKey(t *testing.T, distribute func(*Fleet)) {
	t.Parallel()
	f, _ := inMemory(t, "d1", "d2", "d3")
	for _, d := range []string{"d1", "d2", "d3"} {
		f.Driver(d)
	}
	before := f.Orchestrator("ann", "console-1")
	id := f.Start(before, f.Tsunami(150, 6*time.Second), "d1", "d2", "d3")

	old := f.Keys["ann"]
	f.Trust("ann", node.RoleOperator)
	distribute(f)
	after := f.Orchestrator("ann", "console-2")
	f.Until(after, "every driver has the new ring", func(s *fleet.State) bool {
		for _, d := range s.Drivers() {
			if d.Heartbeat.KeyRing != f.Ring.Version {
				return false
			}
		}
		return len(s.Drivers()) == 3 && s.Run(id) != nil && s.Run(id).Active()
	})
	if err := after.Adopt(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	f.Change(sign.Revoke(old.Public().String(), time.Now()))
	distribute(f)
	f.Until(before, "the ring without the old key is in force", func(*fleet.State) bool { return f.buses[3].Version() == f.Ring.Version })
	var key *sign.KeyError
	if err := before.Stop(t.Context(), id, ""); !errors.As(err, &key) {
		t.Errorf("with the old key the run can be stopped: %v", err)
	}
	r := f.Report(after, id)
	if r.Requests != 900 || f.Served.Load() != 900 || r.Outcome != report.Finished {
		t.Errorf("reported %d requests, outcome %s %v; the target counted %d, want 900", r.Requests, r.Outcome, r.Reasons, f.Served.Load())
	}
}

func TestRevokingAKeyStopsItsRuns(t *testing.T) {
	for name, distribute := range ways {
		t.Run(name, func(t *testing.T) { revokeKey(t, distribute) })
	}
}

func revokeKey(t *testing.T, distribute func(*Fleet)) {
	t.Parallel()
	f, _ := inMemory(t, "d1", "d2", "d3")
	for _, d := range []string{"d1", "d2", "d3"} {
		f.Driver(d)
	}
	ann, bob := f.Orchestrator("ann", "console-1"), f.Orchestrator("bob", "console-2")
	id := f.Start(bob, f.Tsunami(100, time.Minute), "d1", "d2", "d3")
	f.Until(ann, "the run is under way", func(s *fleet.State) bool { return s.Run(id) != nil && s.Run(id).Total.Requests > 50 })
	f.Change(sign.Revoke("bob", time.Now()))
	distribute(f)
	f.Until(ann, "every driver is idle", func(s *fleet.State) bool {
		for _, d := range s.Drivers() {
			if d.Heartbeat.State != node.Idle {
				return false
			}
		}
		return s.Run(id).StopBy != ""
	})
	if text := Events(ann); !strings.Contains(text, "bob has no valid key") {
		t.Errorf("events:\n%s", text)
	}
	if _, err := bob.Trigger(t.Context(), f.Tsunami(10, time.Second), orchestrator.Selection{}); err == nil || !strings.Contains(err.Error(), "bob was revoked") {
		t.Errorf("bob starts another run: %v", err)
	}
	again := f.Start(ann, f.Tsunami(50, time.Second), "d1", "d2", "d3")
	if r := f.Report(ann, again); r.Requests != 50 {
		t.Errorf("ann's run has %d requests, want 50", r.Requests)
	}
}

// Keys are introduced into a fleet one process at a time.
func TestMixedFleet(t *testing.T) {
	t.Parallel()
	f, bus := inMemory(t, "d1")
	f.Driver("d1")
	plain := sign.Plain(bus.Node("d9"))
	d9, err := driver.New(plain, driver.Config{NodeID: "d9", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	f.wg.Go(func() { _ = d9.Run(f.ctx) })
	ann := f.Orchestrator("ann", "console-1")
	f.Until(ann, "both drivers are there", func(s *fleet.State) bool {
		return len(s.Drivers()) == 2 && s.Driver("d1").BootID != "" && s.Driver("d9").BootID != ""
	})
	ann.View(func(s *fleet.State) {
		if s.Driver("d1").Heartbeat.SignedBy() == nil || s.Driver("d9").Heartbeat.SignedBy() != nil {
			t.Error("it is not known which driver is signed")
		}
	})
	forecast, err := ann.Check(f.Tsunami(10, time.Second), orchestrator.Selection{})
	if err != nil || len(forecast.Drivers) != 1 || forecast.Drivers[0] != "d1" {
		t.Errorf("all drivers are %v (%v): d9 may be anybody's", forecast.Drivers, err)
	}
	if _, err := ann.Check(f.Tsunami(10, time.Second), orchestrator.Selection{Count: 2}); err == nil || !strings.Contains(err.Error(), "d9 without one") {
		t.Errorf("two drivers: %v", err)
	}
	if text := Events(ann); strings.Count(text, "d9 is UNSIGNED") != 1 || strings.Contains(text, "d1 is UNSIGNED") {
		t.Errorf("events:\n%s", text)
	}
	id := f.Start(ann, f.Tsunami(50, time.Second), "d1", "d9") // selected by name, it takes part
	r := f.Report(ann, id)
	if r.Requests != 50 || r.Outcome != report.Finished {
		t.Errorf("%d requests, outcome %s %v", r.Requests, r.Outcome, r.Reasons)
	}
	if intervals := fmt.Sprintf("%+v", r.Intervals); !strings.Contains(intervals, "no fleet key vouches for d9: UNSIGNED") {
		t.Errorf("the report does not say who is unsigned: %s", intervals)
	}

	nobody := orchestrator.New(sign.Plain(bus.Node("console-2")), orchestrator.Config{ID: "console-2", By: "nobody", Unsigned: true})
	f.wg.Go(func() { _ = nobody.Run(f.ctx) })
	<-nobody.Ready()
	if text := Events(nobody); strings.Count(text, "UNSIGNED: anyone") != 1 {
		t.Errorf("events without keys:\n%s", text)
	}
	nobody.View(func(s *fleet.State) {
		for _, e := range s.Events() {
			if time.Since(e.At).Abs() > time.Minute {
				t.Errorf("an event without its time: %+v", e)
			}
		}
	})
	_, err = nobody.Trigger(t.Context(), f.Tsunami(50, time.Second), orchestrator.Selection{IDs: []string{"d1"}})
	if err == nil || !strings.Contains(err.Error(), "--fleet-keys FILE and --sign-key FILE") {
		t.Errorf("without keys d1 is started: %v", err)
	}
	id = f.startPlain(t, nobody, "d9")
	if r := f.Report(nobody, id); r.Requests != 50 {
		t.Errorf("without keys, d9 sent %d requests, want 50", r.Requests)
	}
}

func (f *Fleet) startPlain(t *testing.T, o *orchestrator.Orchestrator, driver string) string {
	t.Helper()
	id, err := o.Trigger(f.ctx, f.Tsunami(50, time.Second), orchestrator.Selection{IDs: []string{driver}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestLimitsAreCheckedBeforeTheRun(t *testing.T) {
	t.Parallel()
	f, _ := inMemory(t, "d1")
	f.Change(func(list *[]sign.Member) error {
		for i := range *list {
			if m := &(*list)[i]; m.Name == "ann" {
				m.MaxRateRPS, m.Targets = 100, []string{"127.0.0.0/8"}
			}
		}
		return nil
	})
	f.Driver("d1")
	ann := f.Orchestrator("ann", "console-1")
	f.Until(ann, "d1 is there", func(s *fleet.State) bool { return s.Driver("d1") != nil && s.Driver("d1").BootID != "" })
	for _, c := range []struct {
		change func(*loadgen.Spec)
		want   string
	}{
		{func(s *loadgen.Spec) { s.RateRPS = 101 }, "the key of ann allows 100"},
		{func(s *loadgen.Spec) { s.Target = "http://10.0.0.1/" }, "the key of ann allows 127.0.0.0/8"},
	} {
		spec := f.Tsunami(50, time.Second)
		c.change(&spec)
		_, checked := ann.Check(spec, orchestrator.Selection{})
		_, triggered := ann.Trigger(t.Context(), spec, orchestrator.Selection{})
		for _, err := range []error{checked, triggered} {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		}
	}
	id := f.Start(ann, f.Tsunami(100, 2*time.Second), "d1")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var key *sign.KeyError
	if err := ann.SetRate(ctx, id, 200); !errors.As(err, &key) {
		t.Errorf("a rate above the key's: %v", err)
	}
	f.Report(ann, id)
}
