package orchestrator

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/report"
)

func TestDisconnectedDriverLosesNothing(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		s.driver("drv-b")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 14*time.Second), Selection{Count: 2})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 100 })
		s.bus.Node("drv-b").Cut()
		s.until(o, func(st *fleet.State) bool { return st.Driver("drv-b").Liveness == fleet.Lost })
		s.bus.Node("drv-b").Heal()
		r := s.finished(o, id)
		if r.Requests != s.served.Load() || r.Unknown != 0 {
			t.Errorf("%d requests, %d unknown; the target counted %d\n%s", r.Requests, r.Unknown, s.served.Load(), events(o, id))
		}
	})
}

func TestOrphanStopsItsLoad(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := s.orchestrator("o1")
		spec := s.tsunami(100, 60*time.Second)
		spec.OrphanTimeout = loadgen.Duration(6 * time.Second)
		id := s.trigger(o, spec, Selection{})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 0 })
		s.bus.Node("drv-a").Cut()
		r := s.finished(o, id)
		s.awaitQuiet(100)
		if served := s.served.Load(); served < r.Requests || served > r.Requests+r.Unknown {
			t.Errorf("%d requests, %d unknown; the target counted %d", r.Requests, r.Unknown, served)
		}
		s.bus.Node("drv-a").Heal()
		s.until(o, func(st *fleet.State) bool { return strings.Contains(st.Driver("drv-a").Heartbeat.Note, "orphaned") })
	})
}

func TestReturningDriverStopsAnEndedRun(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 60*time.Second), Selection{})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 0 })
		s.bus.Node("drv-a").Cut()
		s.finished(o, id)
		s.bus.Node("drv-a").Heal()
		s.until(o, func(st *fleet.State) bool { return st.Driver("drv-a").Heartbeat.State == node.Idle })
	})
}

// awaitQuiet waits until the target has received nothing for half a second, which cannot be chance at this rate.
func (s *site) awaitQuiet(rate int) {
	s.t.Helper()
	quiet := max(500*time.Millisecond, 20*time.Second/time.Duration(rate))
	for deadline := time.Now().Add(30 * time.Second); ; {
		before := s.served.Load()
		time.Sleep(quiet)
		if s.served.Load() == before {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatal("the load continues")
		}
	}
}

func TestBrokerOutageLosesNothing(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		s.driver("drv-b")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 14*time.Second), Selection{Count: 2})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 100 })
		nodes := []string{"drv-a", "drv-b", "o1"}
		for _, n := range nodes {
			s.bus.Node(n).Cut()
		}
		time.Sleep(8 * time.Second) // the outage itself
		if o.Connected() == nil {
			t.Error("the outage was not noticed")
		}
		for _, n := range nodes {
			s.bus.Node(n).Heal()
		}
		r := s.finished(o, id)
		if r.Requests != 1400 || s.served.Load() != 1400 || r.Coverage.Requests != 1 || r.Outcome != report.Finished {
			t.Errorf("%s: %d requests; the target counted %d; coverage %+v\n%s", r.Outcome, r.Requests, s.served.Load(), r.Coverage, events(o, id))
		}
	})
}

// A nearly full disk accepts an orchestrator's small records but no driver's heartbeat: that is an outage,
// not the loss of all drivers.
func TestNearlyFullDiskLosesNoDriver(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		s.driver("drv-b")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 20*time.Second), Selection{Count: 2})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 100 })
		s.bus.Fill(100)
		time.Sleep(10 * time.Second) // the outage itself
		s.bus.Fill(0)
		r := s.finished(o, id)
		if r.Requests != 2000 || s.served.Load() != 2000 || r.Coverage.Requests != 1 || strings.Contains(events(o, id), "is lost") {
			t.Errorf("%s: %d requests; the target counted %d; coverage %+v\n%s", r.Outcome, r.Requests, s.served.Load(), r.Coverage, events(o, id))
		}
	})
}

func TestKilledOrchestratorLosesNothing(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		first := New(s.bus.Node("o1"), Config{ID: "o1", By: "test"})
		ctx, die := context.WithCancel(s.ctx)
		s.wg.Go(func() { _ = first.Run(ctx) })
		<-first.Ready()
		id := s.trigger(first, s.tsunami(100, 5*time.Second), Selection{})
		s.until(first, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 0 })
		die()
		second := s.orchestrator("o2")
		if err := second.Adopt(s.ctx, id); err != nil {
			t.Fatal(err)
		}
		r := s.finished(second, id)
		if r.Requests != 500 || s.served.Load() != 500 || r.Coverage.Requests != 1 {
			t.Errorf("%d requests; the target counted %d; coverage %+v", r.Requests, s.served.Load(), r.Coverage)
		}
	})
}

func (s *site) until(o *Orchestrator, f func(*fleet.State) bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, 30*time.Second)
	defer cancel()
	if err := o.until(ctx, f); err != nil {
		s.t.Fatal(err)
	}
}

func events(o *Orchestrator, id string) string {
	var b strings.Builder
	o.View(func(s *fleet.State) {
		for _, e := range s.Run(id).Events {
			fmt.Fprintln(&b, e.Text)
		}
	})
	return b.String()
}
