package orchestrator

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/driver"
	"landfall/node/fleet"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		config func(*driver.Config)
		spec   func(*loadgen.Spec)
		want   string
	}{
		{"target not allowed", nil, func(s *loadgen.Spec) { s.Target = "http://192.0.2.1/" }, "drv-a refuses: target 192.0.2.1:80 is not allowed here"},
		{"rate above the cap", func(c *driver.Config) { c.MaxRate = 10 }, nil, "this driver allows 10 (--max-rate)"},
		{"too many connections", func(c *driver.Config) { c.MaxConnections = 2 }, nil, "connections 8: this driver allows 2"},
		{"too long", func(c *driver.Config) { c.MaxDuration = time.Second }, nil, "duration 5s: this driver allows 1s"},
		{"not a spec", nil, func(s *loadgen.Spec) { s.RateRPS = -1 }, "rate -1: must be between"},
	} {
		t.Run(c.name, func(t *testing.T) {
			virtual(t, func(t *testing.T, s *site) {
				var change []func(*driver.Config)
				if c.config != nil {
					change = append(change, c.config)
				}
				s.driver("drv-a", change...)
				o := s.orchestrator("o1")
				spec := s.tsunami(100, 5*time.Second)
				if c.spec != nil {
					c.spec(&spec)
				}
				_, err := o.Trigger(s.ctx, spec, Selection{})
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				if n := s.served.Load(); n != 0 {
					t.Errorf("%d requests were sent", n)
				}
			})
		})
	}
}

func TestOrderOfTwoTriggersDecides(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		s.driver("drv-b")
		type outcome struct {
			o   *Orchestrator
			id  string
			err error
		}
		outcomes := make(chan outcome, 2)
		for _, id := range []string{"o1", "o2"} {
			o := s.orchestrator(id)
			go func() {
				run, err := o.Trigger(s.ctx, s.tsunami(100, 2*time.Second), Selection{Count: 2})
				outcomes <- outcome{o, run, err}
			}()
		}
		var won, lost []outcome
		for range 2 {
			if r := <-outcomes; r.err == nil {
				won = append(won, r)
			} else {
				lost = append(lost, r)
			}
		}
		if len(won) != 1 || !strings.Contains(lost[0].err.Error(), "busy with run "+won[0].id) {
			t.Fatalf("%d won; %v", len(won), lost)
		}
		r := s.finished(won[0].o, won[0].id)
		if r.Requests != 200 || s.served.Load() != 200 {
			t.Errorf("%d requests; the target counted %d", r.Requests, s.served.Load())
		}
	})
}

func TestRefusedStartIsStopped(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		s.driver("drv-b")
		first := s.orchestrator("o1")
		busy := s.trigger(first, s.tsunami(50, 6*time.Second), Selection{IDs: []string{"drv-b"}})
		second := New(s.node("o2"), Config{ID: "o2", By: "test@o2"})
		ctx, end := context.WithCancel(s.ctx)
		s.wg.Go(func() { _ = second.Run(ctx) })
		<-second.Ready()
		id, err := second.Trigger(ctx, s.tsunami(100, 60*time.Second), Selection{Count: 2})
		end() // exits without a run
		if err == nil || !strings.Contains(err.Error(), "drv-b refuses: busy with run "+busy) {
			t.Fatalf("got %v", err)
		}
		s.until(first, func(st *fleet.State) bool { return st.Run(id).StopBy == "test@o2" })
		s.until(first, func(st *fleet.State) bool { return st.Driver("drv-a").Heartbeat.State == node.Idle })
		if r := s.finished(first, busy); s.served.Load() != r.Requests {
			t.Errorf("the target counted %d, the run that was not refused has %d", s.served.Load(), r.Requests)
		}
	})
}

// All drivers are asked before a refused run is given up, equal reasons are said once, and every process knows them.
func TestAllRefusalsAreNamed(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		for i := range 6 {
			s.driver(fmt.Sprint("drv-", i))
		}
		s.driver("drv-x", func(c *driver.Config) { c.AllowTargets = []string{"192.0.2.1"} })
		o := s.orchestrator("o1")
		spec := s.tsunami(100, 5*time.Second)
		spec.Target = "http://192.0.2.1/"
		id, err := o.Trigger(s.ctx, spec, Selection{Count: 7})
		const want = "6 of 7 drivers refuse: target 192.0.2.1:80 is not allowed here"
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %q", err, want)
		}
		s.until(o, func(st *fleet.State) bool {
			return st.Run(id).Phase == fleet.Refused && strings.HasPrefix(st.Run(id).StopWhy, want)
		})
		s.until(o, func(st *fleet.State) bool { return st.Driver("drv-x").Heartbeat.State == node.Idle })
	})
}
