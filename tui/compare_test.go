package tui

import (
	"fmt"
	"testing"

	"landfall/loadgen"
	"landfall/node/report"
	"landfall/tui/style"
	"landfall/tui/tuitest"
)

// The same key selects both runs of a comparison; the older one is shown first.
func TestCompareTwoRuns(t *testing.T) {
	c := tuitest.New()
	running(c, 3, 5)
	c.Finish("tsunami-7")
	c.Configure("tsunami-8", 3)
	c.Start("tsunami-8", 3, "me")
	for i := range 5 {
		c.Second("tsunami-8", i, 3, nil, 0)
	}
	c.Finish("tsunami-8")
	m := console(c, 120, 40)
	press(m, "4", "c")
	contains(t, m, "select another run and press c")
	press(m, "c")
	contains(t, m, "comparison cancelled")
	press(m, "c", "down", "c")
	contains(t, m, "tsunami-7 and tsunami-8", "latency p99", "change")
}

// At 80 columns both runs and the change fit: nothing of the comparison is beyond the edge.
func TestComparisonFits(t *testing.T) {
	c := tuitest.New()
	c.Drivers(3)
	for i := range 2 {
		id := fmt.Sprintf("tsunami-1127-05163%d-412%d", i, i)
		c.Configure(id, 3)
		c.Start(id, 3, "me")
		for k := range 3 {
			c.Second(id, k, 3, nil, int64(7*i))
		}
		c.Finish(id)
	}
	m := console(c, 80, 24)
	press(m, "4", "c", "down", "c")
	page, is := m.top().(*textPage)
	if !is || page.widest() > page.w {
		t.Errorf("%d columns of text on %d:\n%s", page.widest(), page.w, m.View())
	}
	contains(t, m, "change", "tsunami…4120", "tsunami…4121", "127.0.0.1:808…")
}

// Where targets are shortened, different ones look different.
func TestShortTargetsDiffer(t *testing.T) {
	m := inState(t, "idle", 80, 24)
	of := func(target string) *report.Report { return &report.Report{Spec: loadgen.Spec{Target: target}} }
	for _, pair := range [][2]string{{"http://127.0.0.1:22011/ping", "http://127.0.0.1:22012/ping"}, {"http://shop.test/", "http://127.0.0.1:22012/ping"}, {"http://shop.example/a", "http://shop.example/b"}} {
		a, b := m.shortened(of(pair[0]), of(pair[1])).Spec.Target, m.shortened(of(pair[1]), of(pair[0])).Spec.Target
		if a == b || style.Width(a) > shortTarget || style.Width(b) > shortTarget {
			t.Errorf("%q: %q and %q", pair, a, b)
		}
	}
}
