//go:build unix

package agent

import (
	"testing"
	"time"
)

func TestSupervised(t *testing.T) {
	now := time.Now()
	c := &supervised{}
	c.update(now, false, 0, false, true)
	if !c.due(now) || c.Left {
		t.Fatalf("never started: %+v", c)
	}
	c.started = true
	c.update(now, true, 7, true, false)
	if c.due(now) || !c.Joined {
		t.Fatalf("runs: %+v", c)
	}
	for i, pause := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		c.update(now, true, 0, false, false)
		if c.PID != 0 || c.due(now.Add(pause*time.Second-1)) || !c.due(now.Add(pause*time.Second)) {
			t.Errorf("died for the %dth time: %+v, want a pause of %d s", i+1, c, pause)
		}
		c.update(now, false, 8+i, true, false)
	}
	now = now.Add(stableAfter + 1)
	c.update(now, true, c.PID, true, false)
	if c.update(now, true, 0, false, false); !c.due(now.Add(time.Second)) {
		t.Errorf("died after a long uptime: %+v", c)
	}
	c.update(now, false, 9, true, false)
	if c.update(now, true, 0, false, true); !c.Left || c.due(now.Add(time.Hour)) {
		t.Errorf("exited cleanly: %+v", c)
	}
}
