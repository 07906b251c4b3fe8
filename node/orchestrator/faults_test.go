package orchestrator

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/report"
)

// A restarted driver ignores the start of the run that its predecessor executed.
func TestRestartedDriverIgnoresItsOldRun(t *testing.T) {
	for name, after := range map[string]time.Duration{"within 10 s": 4 * time.Second, "within a minute": 15 * time.Second} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T, s *site) {
				s.driver("drv-a")
				s.driver("drv-b")
				old, _ := s.driver("drv-c")
				o := s.orchestrator("o1")
				id := s.trigger(o, s.tsunami(90, 40*time.Second), Selection{Count: 3})
				time.Sleep(after)
				old.Quit()
				time.Sleep(time.Second)
				s.driver("drv-c")
				time.Sleep(100 * time.Millisecond)
				before := s.served.Load()
				time.Sleep(900 * time.Millisecond)
				if burst := s.served.Load() - before; burst > 90 {
					t.Errorf("%d requests in a second of 90 asked", burst)
				}
				r := s.finished(o, id)
				if r.Outcome != report.Finished || r.DurationMS < 39_000 {
					t.Errorf("%s after %d ms\n%s", r.Outcome, r.DurationMS, events(o, id))
				}
				if served := s.served.Load(); served < r.Requests || served > r.Requests+r.Unknown {
					t.Errorf("%d requests, %d unknown; the target counted %d", r.Requests, r.Unknown, served)
				}
				if text := events(o, id); strings.Contains(text, "refuses") || !strings.Contains(text, "the share of drv-c goes to 2 others") {
					t.Errorf("events:\n%s", text)
				}
			})
		})
	}
}

// If two drivers have the same name, the older one refuses new runs, with a reason.
func TestNamesakesSendNoDoubleLoad(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		time.Sleep(2 * time.Second)
		s.driver("drv-a")
		o := s.orchestrator("o1")
		time.Sleep(3 * time.Second)
		spec := s.tsunami(500, 0)
		spec.Count = 1000
		id, err := o.Trigger(s.ctx, spec, Selection{})
		if err == nil || !strings.Contains(err.Error(), "another driver took its name") {
			t.Errorf("run %s: got %v", id, err)
		}
		time.Sleep(5 * time.Second)
		if n := s.served.Load(); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

func TestSecondNamesakeDoesNotDisturbARun(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 10*time.Second), Selection{})
		time.Sleep(3 * time.Second)
		s.driver("drv-a")
		r := s.finished(o, id)
		if r.Requests != 1000 || s.served.Load() != 1000 || r.Outcome != report.Finished {
			t.Errorf("%s: %d requests; the target counted %d", r.Outcome, r.Requests, s.served.Load())
		}
	})
}

// refusing is a bus to which results cannot be written.
type refusing struct{ node.Bus }

var errRefused = errors.New("topic authorization failed")

func (b refusing) Publish(ctx context.Context, topic node.Topic, key string, value []byte) (node.Ack, error) {
	if topic == node.TopicResults {
		return node.Ack{}, errRefused
	}
	return b.Bus.Publish(ctx, topic, key, value)
}

func TestRunEndsWithoutKafka(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 20*time.Second), Selection{})
		time.Sleep(5 * time.Second)
		s.bus.Node("drv-a").Cut()
		s.bus.Node("o1").Cut()
		ctx, cancel := context.WithTimeout(s.ctx, 5*time.Minute)
		defer cancel()
		r, err := o.Wait(ctx, id)
		var unwritten *UnwrittenError
		if !errors.As(err, &unwritten) || unwritten.Away < 30*time.Second || r == nil || r.Requests == 0 {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}

// When the broker's clock is set, no driver is lost, the run lasts as long as requested, and the next one
// starts.
func TestBrokersClockIsSet(t *testing.T) {
	for _, by := range []time.Duration{-5 * time.Second, -20 * time.Second, -time.Hour, 5 * time.Second, time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			virtual(t, func(t *testing.T, s *site) {
				var set atomic.Int64
				s.bus.Clock = func() time.Time { return time.Now().Add(time.Duration(set.Load())) }
				s.driver("drv-a")
				s.driver("drv-b")
				o := s.orchestrator("o1")
				id := s.trigger(o, s.tsunami(100, 25*time.Second), Selection{Count: 2})
				began := time.Now()
				time.Sleep(10 * time.Second)
				set.Store(int64(by))
				r := s.finished(o, id)
				if took := time.Since(began); took < 25*time.Second || took > 29*time.Second {
					t.Errorf("the run of 25 s took %v", took)
				}
				if r.Requests != 2500 || s.served.Load() != 2500 || r.Unknown != 0 || r.Outcome != report.Finished {
					t.Errorf("%s: %d requests, %d unknown; the target counted %d\n%s", r.Outcome, r.Requests, r.Unknown, s.served.Load(), events(o, id))
				}
				if text := events(o, id); strings.Contains(text, "late") || strings.Contains(text, "lost") {
					t.Errorf("events:\n%s", text)
				}
				again := s.finished(o, s.trigger(o, s.tsunami(100, 2*time.Second), Selection{Count: 2}))
				if again.Requests != 200 {
					t.Errorf("the next run has %d requests", again.Requests)
				}
			})
		})
	}
}

func TestForgedTimestampChangesNoClock(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 8*time.Second), Selection{})
		time.Sleep(2 * time.Second)
		topic, key, value, err := node.Encode(&node.Heartbeat{NodeID: "mallory", BootID: "m", Seq: 1, State: node.Idle})
		if err != nil {
			t.Fatal(err)
		}
		o.fold(node.Record{Topic: topic, Key: key, Value: value, Appended: time.Now().Add(24 * time.Hour)})
		time.Sleep(time.Second)
		if off := time.Until(o.Now()).Abs(); off > time.Second {
			t.Errorf("the broker's time is off by %v", off)
		}
		if r := s.finished(o, id); r.Requests != 800 || r.Outcome != report.Finished {
			t.Errorf("%s: %d requests\n%s", r.Outcome, r.Requests, events(o, id))
		}
	})
}

// A disconnected driver continues until its orphan timeout.
func TestSafeTakeoverNeverExceedsTheRate(t *testing.T) {
	for _, takeover := range []string{"fast", "safe"} {
		t.Run(takeover, func(t *testing.T) {
			virtual(t, func(t *testing.T, s *site) {
				s.driver("drv-a")
				s.driver("drv-b")
				o := s.orchestrator("o1")
				spec := s.tsunami(200, 60*time.Second)
				spec.Takeover, spec.OrphanTimeout = takeover, loadgen.Duration(15*time.Second)
				id := s.trigger(o, spec, Selection{Count: 2})
				time.Sleep(5 * time.Second)
				s.bus.Node("drv-b").Cut()
				most := int64(0)
				for range 30 {
					before := s.served.Load()
					time.Sleep(time.Second)
					most = max(most, s.served.Load()-before)
				}
				s.bus.Node("drv-b").Heal()
				r := s.finished(o, id)
				exceeded := strings.Contains(strings.Join(r.Warnings, "\n"), "the requested rate was exceeded: drv-b was disconnected")
				if takeover == "safe" && (most > 205 || exceeded) || takeover == "fast" && (most < 290 || !exceeded) {
					t.Errorf("up to %d requests in a second of 200 asked; warnings %q\n%s", most, r.Warnings, events(o, id))
				}
			})
		})
	}
}

// A forged report is ignored, and the run can still be stopped.
func TestForgedReportIsIgnored(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 60*time.Second), Selection{})
		time.Sleep(3 * time.Second)
		if _, err := node.Post(s.ctx, s.bus, &node.Result{TestID: id, Report: []byte(`{"schema":1,"test_id":"` + id + `","outcome":"passed"}`)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if err := o.Stop(s.ctx, id, "enough"); err != nil {
			t.Fatal(err)
		}
		if r := s.finished(o, id); r.Outcome != report.Interrupted || r.Requests != s.served.Load() {
			t.Errorf("%s: %d requests; the target counted %d", r.Outcome, r.Requests, s.served.Load())
		}
	})
}
