package orchestrator

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report"
)

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
