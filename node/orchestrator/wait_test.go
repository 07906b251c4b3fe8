package orchestrator

import (
	"context"
	"errors"
	"testing"
	"time"

	"landfall/node/fleet"
	"landfall/node/report"
)

func TestUnwrittenReportIsReturned(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := New(refusing{s.node("o1")}, Config{ID: "o1", By: "test"})
		s.wg.Go(func() { _ = o.Run(s.ctx) })
		<-o.Ready()
		id := s.trigger(o, s.tsunami(100, 3*time.Second), Selection{})
		ctx, cancel := context.WithTimeout(s.ctx, time.Minute)
		defer cancel()
		r, err := o.Wait(ctx, id)
		var unwritten *UnwrittenError
		if !errors.As(err, &unwritten) || unwritten.Away != 0 || r == nil || r.Requests != 300 || r.Outcome != report.Finished {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}

// The report of a counted run without drivers and conductor is final at once, and not only after its drivers
// have been silent for long enough.
func TestSettle(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		lives, die := context.WithCancel(s.ctx)
		d, _ := s.driver("drv-a")
		first := New(s.bus.Node("o1"), Config{ID: "o1", By: "test"})
		s.wg.Go(func() { _ = first.Run(lives) })
		<-first.Ready()
		spec := s.tsunami(10, 0)
		spec.Count = 1000
		id := s.trigger(first, spec, Selection{})
		s.until(first, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 20 })
		second := s.orchestrator("o2")
		began := time.Now()
		second.Settle(s.ctx, id)
		if _, running, err := second.Report(id); !running || err != nil || time.Since(began) > 2*time.Second {
			t.Errorf("running %v after %s, error %v", running, time.Since(began), err)
		}
		die()
		d.Quit()
		s.bus.Node("drv-a").Cut()
		time.Sleep(time.Minute)
		third := s.orchestrator("o3")
		if _, running, _ := third.Report(id); !running {
			t.Error("known at once: this test shows nothing")
		}
		third.Settle(s.ctx, id)
		if r, running, err := third.Report(id); running || err != nil || r.Requests < 20 {
			t.Errorf("running %v, error %v", running, err)
		}
	})
}
