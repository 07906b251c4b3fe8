package orchestrator

import (
	"errors"
	"sync"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/report"
)

func TestAnotherOrchestratorAdoptsAndStops(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		first := s.orchestrator("o1")
		id := s.trigger(first, s.tsunami(200, 60*time.Second), Selection{})
		second := s.orchestrator("o2")
		if err := second.SetRate(s.ctx, id, 300); !errors.Is(err, errNotAtHelm) {
			t.Errorf("adjusted without the helm: %v", err)
		}
		if err := second.Adopt(s.ctx, id); err != nil {
			t.Fatal(err)
		}
		s.until(first, func(st *fleet.State) bool { return st.Run(id).Conductor == "o2" })
		if err := first.Pause(s.ctx, id); !errors.Is(err, errNotAtHelm) {
			t.Errorf("paused after losing the helm: %v", err)
		}
		if err := second.Stop(s.ctx, id, "enough"); err != nil {
			t.Fatal(err)
		}
		r := s.finished(first, id)
		if r.Outcome != report.Interrupted || r.Requests != s.served.Load() {
			t.Errorf("%s, %d requests; the target counted %d", r.Outcome, r.Requests, s.served.Load())
		}
	})
}

// Of changes that are made at the same time each holds, one after the other: none that was accepted is lost.
func TestChangesAtTheSameTime(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(200, 6*time.Second), Selection{Count: 1})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 0 })
		var changes sync.WaitGroup
		for _, rate := range []float64{100, 300, 400} {
			changes.Go(func() {
				if err := o.SetRate(s.ctx, id, rate); err != nil {
					t.Error(err)
				}
			})
		}
		changes.Wait()
		if err := o.SetRate(s.ctx, id, 150); err != nil {
			t.Fatal(err)
		}
		if err := o.SetRate(s.ctx, id, 250); err != nil { // at once
			t.Fatal(err)
		}
		o.View(func(st *fleet.State) {
			r := st.Run(id)
			if p := r.Plan(); len(r.Plans) != 6 || p.Schedule[len(p.Schedule)-1].To != 250 {
				t.Errorf("%d plans, the last: %+v", len(r.Plans), p)
			}
		})
		if r := s.finished(o, id); r.Requests != s.served.Load() {
			t.Errorf("%d requests; the target counted %d", r.Requests, s.served.Load())
		}
	})
}

func TestPauseResumeAndRate(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		s.driver("drv-b")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(200, 4*time.Second), Selection{Count: 2})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 0 })
		for _, step := range []func() error{
			func() error { return o.SetRate(s.ctx, id, 400) },
			func() error { return o.Pause(s.ctx, id) },
		} {
			plans := 0
			o.View(func(st *fleet.State) { plans = len(st.Run(id).Plans) })
			if err := step(); err != nil {
				t.Fatal(err)
			}
			s.until(o, func(st *fleet.State) bool { return len(st.Run(id).Plans) > plans })
		}
		s.until(o, func(st *fleet.State) bool { return st.Driver("drv-a").Heartbeat.State == node.Paused })
		if err := o.Resume(s.ctx, id); err != nil {
			t.Fatal(err)
		}
		r := s.finished(o, id)
		if r.Requests != s.served.Load() || r.Outcome != report.Finished {
			t.Errorf("%s %v: %d requests; the target counted %d", r.Outcome, r.Reasons, r.Requests, s.served.Load())
		}
	})
}

// A killed driver leaves no unknown requests, and its share is reassigned at once.
func TestKillTakesLessThanASecond(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		s.driver("drv-b")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(200, 15*time.Second), Selection{Count: 2})
		time.Sleep(4300 * time.Millisecond)
		killed := time.Now()
		if err := o.Kill(s.ctx, "drv-b", false); err != nil {
			t.Fatal(err)
		}
		s.until(o, func(st *fleet.State) bool { return st.Driver("drv-b").Liveness == fleet.Killed })
		s.until(o, func(st *fleet.State) bool { return len(st.Run(id).Plans) == 2 })
		if took := time.Since(killed); took > time.Second {
			t.Errorf("it took %v", took)
		}
		r := s.finished(o, id)
		if r.Unknown != 0 || r.Requests != s.served.Load() || r.Requests < 2900 {
			t.Errorf("%d requests, %d unknown; the target counted %d\n%s", r.Requests, r.Unknown, s.served.Load(), events(o, id))
		}
		if state := r.Drivers[1].State; state != report.StateKilled {
			t.Errorf("drv-b is %s, want %s", state, report.StateKilled)
		}
	})
}

func TestUnresponsiveKilledDriverIsLostAfterTwoSeconds(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		s.driver("drv-b")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(200, 15*time.Second), Selection{Count: 2})
		time.Sleep(4 * time.Second)
		s.bus.Node("drv-b").Cut()
		killed := time.Now()
		if err := o.Kill(s.ctx, "drv-b", false); err != nil {
			t.Fatal(err)
		}
		s.until(o, func(st *fleet.State) bool { return st.Driver("drv-b").Liveness == fleet.Killed })
		if took := time.Since(killed); took < fleet.KillAnswer || took > fleet.KillAnswer+500*time.Millisecond {
			t.Errorf("it was given up after %v", took)
		}
		r := s.finished(o, id)
		if served := s.served.Load(); served > r.Requests+r.Unknown {
			t.Errorf("%d requests, %d unknown; the target counted %d", r.Requests, r.Unknown, served)
		}
	})
}
