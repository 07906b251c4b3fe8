package orchestrator

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/report"
)

// holding is a bus whose heartbeat topic can always be read but not always written, as when the leader of a
// topic is missing.
type holding struct {
	node.Bus
	hold *sync.RWMutex
}

func (h holding) Publish(ctx context.Context, topic node.Topic, key string, value []byte) (node.Ack, error) {
	if topic != node.TopicHeartbeat {
		return h.Bus.Publish(ctx, topic, key, value)
	}
	for !h.hold.TryRLock() {
		select {
		case <-ctx.Done():
			return node.Ack{}, ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
	defer h.hold.RUnlock()
	return h.Bus.Publish(ctx, topic, key, value)
}

func TestNoDriverIsLostDuringAWriteOutage(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.hold = new(sync.RWMutex)
		s.driver("drv-a")
		s.driver("drv-b")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 12*time.Second), Selection{Count: 2})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 100 })
		s.hold.Lock()
		time.Sleep(fleet.LostAfter + 2*time.Second) // the outage under test
		s.hold.Unlock()
		r := s.finished(o, id)
		if r.Outcome != report.Finished || r.Requests != 1200 || r.Unknown != 0 || s.served.Load() != 1200 {
			t.Errorf("%s: reported %d, unknown %d; the target counted %d", r.Outcome, r.Requests, r.Unknown, s.served.Load())
		}
		if text := events(o, id); strings.Contains(text, "late") || strings.Contains(text, "lost") {
			t.Errorf("events:\n%s", text)
		}
	})
}

func TestSilentOnlyDriverIsLost(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		d, _ := s.driver("drv-a")
		o := s.orchestrator("o1")
		id := s.trigger(o, s.tsunami(100, 30*time.Second), Selection{Count: 1})
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Requests > 100 })
		d.Quit()
		quit := time.Now()
		s.until(o, func(st *fleet.State) bool { return st.Run(id).Drivers["drv-a"].LostAt > 0 })
		if took := time.Since(quit); took < fleet.LostAfter-2*time.Second || took > fleet.LostAfter+5*time.Second {
			t.Errorf("it was lost after %v", took)
		}
	})
}
