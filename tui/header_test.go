package tui

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/tui/tuitest"
)

// A console that shows a run of another console at 80 columns has room for all figures and the name of that console.
func TestNotAtTheHelmSeesFigures(t *testing.T) {
	m := inState(t, "not-at-helm", 80, 24)
	press(m, "esc")
	contains(t, m, "failed 0%", "p99 ", "helm: ada@ops", "3 drivers")
}

// TestHelmIsGone: a console at the helm that has disappeared is shown as gone, at every size, but not before its signs are missing.
func TestHelmIsGone(t *testing.T) {
	for _, size := range sizes {
		c := tuitest.New()
		c.Drivers(3)
		c.Configure("tsunami-7", 3)
		c.Start("tsunami-7", 3, "another")
		m := console(c, size[0], size[1])
		for i := range 20 {
			c.Second("tsunami-7", i, 3, nil, 0)
			if i < 5 {
				c.State.HelmSeen("another", c.Clock)
			}
			m.Update(changedMsg{})
			if gone := strings.Contains(m.View(), "gone"); gone != (i > 14) {
				t.Fatalf("%d columns, %d s after the last sign: gone %t", size[0], i-4, gone)
			}
		}
		contains(t, m, "gone 15s")
	}
}

// Thresholds are visible at 80 columns, too: beside the pages or, if a missed one has no room there, in the first line before other figures.
func TestThresholdsAreInSight(t *testing.T) {
	for expr, want := range map[string]string{"p99<9s": "✓ 1 threshold ", "p99<1ms": "✖ p99<1ms 35.2ms "} {
		c := tuitest.New()
		running(c, 3, 5)
		c.State.Run("tsunami-7").Spec.Thresholds = []loadgen.Threshold{{Expr: expr}}
		m := console(c, 80, 24)
		if lines := strings.Split(m.View(), "\n"); !strings.Contains(lines[1], want) {
			t.Errorf("no %q: %q", want, lines[:2])
		}
		m.drivers.Marked["drv-01"], m.drivers.Marked["drv-02"] = true, true // which takes room beside the pages
		if lines := strings.Split(m.View(), "\n"); want[:3] == "✖" && !strings.Contains(lines[0], want) {
			t.Errorf("no %q: %q", want, lines[:2])
		}
	}
}

// The progress of a run is shown as a word and its time.
func TestPhaseWord(t *testing.T) {
	c := tuitest.New()
	running(c, 2, 5)
	m := console(c, 120, 40)
	warmup := func(d time.Duration) func(*fleet.Run) {
		return func(r *fleet.Run) { r.Spec.Warmup = loadgen.Duration(d) }
	}
	for _, test := range []struct {
		change func(r *fleet.Run)
		want   string
	}{
		{func(r *fleet.Run) {}, "RUN 00:05/02:00"}, {warmup(time.Minute), "WARM-UP 00:05/01:00"}, {warmup(3 * time.Second), "RUN 00:05/02:00"}, {func(r *fleet.Run) { r.Paused = true }, "PAUSED 00:05"}, {func(r *fleet.Run) { r.Paused, r.Phase = false, fleet.Draining }, "DRAINING 00:05"},
		{func(r *fleet.Run) { r.Phase, r.T0 = fleet.Started, r.T0.Add(-2*time.Minute) }, "DRAINING 00:05  2k/s  failed"},
	} {
		test.change(c.State.Run("tsunami-7"))
		m.Update(changedMsg{})
		if line := m.statusLine(); !strings.Contains(line, test.want) {
			t.Errorf("%q has no %q", line, test.want)
		}
	}
}

// Where there is room, the console says in a word that it is live, and that figures are of the newest second.
func TestLiveIsAWord(t *testing.T) {
	for _, state := range []string{"idle", "running", "ended"} {
		contains(t, inState(t, state, 80, 24), "● LIVE")
	}
	contains(t, inState(t, "running", 120, 40), "failed now 0%", " run ▰")
}
