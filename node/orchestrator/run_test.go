package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/driver"
	"landfall/node/fleet"
	"landfall/node/membus"
	"landfall/node/report"
)

func TestRunsAreCountedExactly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		drivers int
		spec    func(*site) loadgen.Spec
		want    int64 // 0: any
	}{
		{"tsunami by duration", 3, func(s *site) loadgen.Spec { return s.tsunami(300, 2*time.Second) }, 600},
		{"tsunami by count", 3, func(s *site) loadgen.Spec {
			spec := s.tsunami(500, 0)
			spec.Count = 701
			return spec
		}, 701},
		{"tsunami by delay and count per driver", 2, func(s *site) loadgen.Spec {
			return loadgen.Spec{Target: s.url, Delay: loadgen.Duration(5 * time.Millisecond), CountPerDriver: 150, Connections: 4}
		}, 300},
		{"avalanche by count", 3, func(s *site) loadgen.Spec { return loadgen.Spec{Target: s.url, Count: 5003, Connections: 4} }, 5003},
		{"avalanche by duration", 2, func(s *site) loadgen.Spec {
			return loadgen.Spec{Target: s.url, Duration: loadgen.Duration(time.Second), Connections: 4}
		}, 0},
		{"fewer requests than drivers", 3, func(s *site) loadgen.Spec { return loadgen.Spec{Target: s.url, Count: 2, Connections: 1} }, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			virtual(t, func(t *testing.T, s *site) {
				for i := range c.drivers {
					s.driver(fmt.Sprintf("drv-%d", i))
				}
				o := s.orchestrator("o1")
				id := s.trigger(o, c.spec(s), Selection{Count: c.drivers})
				r := s.finished(o, id)
				if r.Requests != s.served.Load() || r.Responses != r.Requests || c.want > 0 && r.Requests != c.want {
					t.Errorf("reported %d requests, %d responses; the target counted %d, asked for %d", r.Requests, r.Responses, s.served.Load(), c.want)
				}
				if r.Outcome != report.Finished || r.Unknown != 0 || r.Coverage.Requests != 1 {
					t.Errorf("outcome %s %v, unknown %d, coverage %+v", r.Outcome, r.Reasons, r.Unknown, r.Coverage)
				}
			})
		})
	}
}

func TestShareOfALostDriverIsReassigned(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		d, _ := s.driver("drv-b")
		o := s.orchestrator("o1")
		spec := s.tsunami(200, 0)
		spec.Count = 2000
		id := s.trigger(o, spec, Selection{Count: 2})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 200 })
		d.Quit()
		r := s.finished(o, id)
		if served := s.served.Load(); r.Requests != 2000 || served < r.Requests || served > r.Requests+r.Unknown {
			t.Errorf("reported %d, unknown %d; the target counted %d", r.Requests, r.Unknown, served)
		}
		if text := events(o, id); !strings.Contains(text, "drv-b is late") || !strings.Contains(text, "drv-b is lost") || !strings.Contains(text, "the share of drv-b goes to") {
			t.Errorf("events:\n%s", text)
		}
	})
}

func TestDrainedDriverLeavesNothingUnknown(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		_, end := s.driver("drv-b")
		o := s.orchestrator("o1")
		spec := s.tsunami(300, 0)
		spec.Count = 1500
		id := s.trigger(o, spec, Selection{Count: 2})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 300 })
		end()
		r := s.finished(o, id)
		if r.Requests+r.Dropped != 1500 || r.Unknown != 0 || s.served.Load() != r.Requests {
			t.Errorf("reported %d, dropped %d, unknown %d; the target counted %d", r.Requests, r.Dropped, r.Unknown, s.served.Load())
		}
	})
}

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

func TestNoDriver(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		o := s.orchestrator("o1")
		_, err := o.Trigger(s.ctx, s.tsunami(1, time.Second), Selection{Wait: 100 * time.Millisecond})
		if !errors.Is(err, errNoDriver) {
			t.Errorf("got %v", err)
		}
		s.driver("drv-a")
		_, err = o.Trigger(s.ctx, s.tsunami(1, time.Second), Selection{Count: 2, Wait: 2 * time.Second})
		if err == nil || !strings.Contains(err.Error(), "drivers 2: only 1") {
			t.Errorf("got %v", err)
		}
	})
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

func TestNewestHeartbeatOfABacklogSetsTheClock(t *testing.T) {
	o := New(membus.New().Node("o1"), Config{})
	now := time.Now()
	for i := range 9 {
		beat := &node.Heartbeat{NodeID: "d", BootID: "b", Seq: uint64(i + 1), State: node.Idle}
		topic, key, value, err := node.Encode(beat)
		if err != nil {
			t.Fatal(err)
		}
		o.fold(node.Record{Topic: topic, Key: key, Value: value, Appended: now.Add(time.Duration(i-8) * time.Second)})
	}
	if off := o.Now().Sub(now); off < 0 || off > time.Second {
		t.Errorf("the broker's time is off by %v", off)
	}
}

func TestAbortConditionStopsTheRun(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := s.orchestrator("o1")
		spec := s.tsunami(100, 60*time.Second)
		spec.Thresholds = []loadgen.Threshold{{Expr: "requests<150", Abort: true}}
		r := s.finished(o, s.trigger(o, spec, Selection{}))
		if r.Outcome != report.Aborted || r.Requests != s.served.Load() {
			t.Errorf("%s %v: %d requests; the target counted %d", r.Outcome, r.Reasons, r.Requests, s.served.Load())
		}
	})
}
