package orchestrator

import (
	"context"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/fleet"
)

// TestHelmIsSeen: others see that the orchestrator at the helm is there, and for how long it is not.
func TestHelmIsSeen(t *testing.T) {
	virtual(t, func(t *testing.T, s *site) {
		s.driver("drv-a")
		first := New(s.node("o1"), Config{ID: "o1", By: "test@o1"})
		ctx, end := context.WithCancel(s.ctx)
		s.wg.Go(func() { _ = first.Run(ctx) })
		<-first.Ready()
		id := s.trigger(first, s.tsunami(50, 60*time.Second), Selection{})
		watch := func(o *Orchestrator) (silent time.Duration) {
			o.View(func(st *fleet.State) { silent = st.Now().Sub(st.Run(id).HelmAt) })
			return silent
		}
		time.Sleep(10 * time.Second)
		second := s.orchestrator("o2")
		time.Sleep(10 * time.Second)
		if silent := watch(second); silent > 2*node.HelmInterval {
			t.Errorf("nothing was seen of the helm for %s", silent)
		}
		end()
		time.Sleep(15 * time.Second)
		late := s.orchestrator("o3")
		time.Sleep(5 * time.Second)
		if silent := watch(second); silent < 18*time.Second || silent > 20*time.Second+2*node.HelmInterval {
			t.Errorf("20 s after its end the helm counts as silent for %s", silent)
		}
		if silent := watch(late); silent < 4*time.Second || silent > 7*time.Second { // not the 20 s that have passed
			t.Errorf("one that has read for 5 s counts the helm as silent for %s", silent)
		}
	})
}
