package driver

import (
	"testing"
	"testing/synctest"
	"time"

	"landfall/node/membus"
)

func TestQuitIsImmediateInEveryState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, cut := range []bool{false, true} {
			bus := membus.New()
			mine := bus.Node("d1")
			if cut {
				mine.Cut()
			}
			d, end, done := alone(t, mine, nil)
			time.Sleep(3 * time.Second)
			d.Quit()
			d.Quit()
			before := time.Now()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if took := time.Since(before); took > 0 {
				t.Errorf("it took %v", took)
			}
			end()
		}
	})
}
