package fleet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
)

func TestTotalsWithRepeatsAndGaps(t *testing.T) {
	p := running(t, "a")
	p.pass(4 * time.Second)
	first := p.snapshot("t1", "a", 0, 10, 10, false)
	p.post(first)
	p.post(first)
	_ = p.snapshot("t1", "a", 1, 10, 20, false) // never arrives
	p.post(p.snapshot("t1", "a", 2, 10, 30, false))
	r := p.s.Run("t1")
	if c := r.Drivers["a"]; r.Total.Requests != 30 || r.Latency.Count() != 20 || c.Missing != 1 {
		t.Errorf("requests %d, in the histogram %d, missing %d", r.Total.Requests, r.Latency.Count(), c.Missing)
	}
	if r.Intervals.At(0).Present != 1 || r.Intervals.At(1).Present != 0 || r.Intervals.At(1).Expected != 1 {
		t.Errorf("intervals: %+v, %+v", r.Intervals.At(0), r.Intervals.At(1))
	}
}

// The peak of a driver counts what ended in one second: requests or, with scenarios, iterations.
func TestPeakOfADriver(t *testing.T) {
	for _, c := range []struct {
		scenarios []loadgen.Scenario
		want      float64
	}{{nil, 40}, {[]loadgen.Scenario{{Name: "a"}}, 4}} {
		p := newScript(t)
		p.start("t1", 0, "a")
		p.s.Run("t1").Spec.Scenarios = c.scenarios
		for i, n := range []int64{40, 20} {
			m := p.snapshot("t1", "a", i, n, 60, false)
			m.Snapshot.Delta.Iterations, m.Snapshot.Delta.Dropped = n/10, 7
			p.post(m)
		}
		if got := p.s.Run("t1").Drivers["a"].Peak; got != c.want {
			t.Errorf("%d scenarios: %v, want %v", len(c.scenarios), got, c.want)
		}
	}
}

func TestTimesByNameAndClass(t *testing.T) {
	p := newScript(t)
	p.start("t1", 0, "a", "b")
	for i, id := range []string{"a", "b"} {
		m := p.snapshot("t1", id, 0, 10, 10, false)
		m.Snapshot.Named = []loadgen.Named{{Name: "home", Requests: 10, Times: m.Snapshot.Times}}
		m.Snapshot.Classes = []loadgen.StatusClass{{Class: "2xx", Times: m.Snapshot.Times}, {Class: "5xx"}}[:2-i]
		p.post(m)
	}
	r := p.s.Run("t1")
	home, ok, failed := r.Named["home"], r.Classes["2xx"], r.Classes["5xx"]
	if home.Requests != 20 || home.Latency.Count() != 20 || home.Service.Count() != 20 || ok.Latency.Count() != 20 || ok.Service.Count() != 20 {
		t.Errorf("home %+v, 2xx %+v", home, ok)
	}
	if failed == nil || failed.Latency != nil {
		t.Errorf("5xx, of which nothing was measured: %+v", failed)
	}
}

func TestLateSnapshotOfAnOldInterval(t *testing.T) {
	p := newScript(t)
	p.start("t1", 0, "a", "b")
	late := p.snapshot("t1", "b", 0, 5, 5, false)
	for i := range 40 {
		p.pass(time.Second)
		p.post(p.snapshot("t1", "a", i, 10, int64(10*(i+1)), false))
	}
	p.post(late)
	p.pass(time.Second)
	r := p.s.Run("t1")
	i := r.Intervals.At(0)
	if i.Present != 2 || i.Delta.Requests != 15 || i.live != nil {
		t.Errorf("present %d, requests %d, unpacked %v", i.Present, i.Delta.Requests, i.live != nil)
	}
	if h, err := hdr.Unpack(i.packed); err != nil || h.Count() != 15 {
		t.Errorf("packed: %v, %v", h, err)
	}
}

func TestIntervalsPerDriverAreBounded(t *testing.T) {
	for drivers, want := range map[int]int{0: 1800, 9: 1800, 66: 1800, 100: 1200, 1000: 120, 10_000: 60} {
		r := &Run{Drivers: map[string]*Carrier{}}
		for i := range drivers {
			r.Drivers[fmt.Sprint(i)] = &Carrier{}
		}
		c := &Carrier{}
		for n := range 3 * want / 2 {
			c.point(&loadgen.Snapshot{Interval: n}, r.pointsKept())
		}
		if len(c.Points) != want || c.FirstPoint != 3*want/2-want {
			t.Errorf("%d drivers: %d intervals from %d on, want %d", drivers, len(c.Points), c.FirstPoint, want)
		}
	}
}

func TestPendingSnapshotsAreBoundedByTheirBytes(t *testing.T) {
	p := newScript(t)
	m := p.snapshot("unknown", "a", 0, 10, 10, false)
	for i := range 250 {
		m.Snapshot.Named = append(m.Snapshot.Named, loadgen.Named{Name: fmt.Sprint(strings.Repeat("n", 100), i)})
	}
	_, _, value, _ := node.Encode(m)
	for range maxPending/len(value) + 10 {
		p.s.pending.add(m, p.now)
	}
	if p.s.pending.bytes > maxPending {
		t.Errorf("%d bytes", p.s.pending.bytes)
	}
	if mine := p.s.pending.take("unknown"); len(mine) == 0 || p.s.pending.bytes != 0 {
		t.Errorf("%d taken, %d bytes left", len(mine), p.s.pending.bytes)
	}
}

func TestDroppedSnapshotsAreReported(t *testing.T) {
	p := running(t, "a")
	for i := range int64(4) {
		p.pass(time.Second)
		p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: uint64(100 + i), State: node.Running, TestID: "t1", Lost: i})
	}
	r := p.s.Run("t1")
	if got := texts(r.Events); r.Drivers["a"].Dropped != 3 || strings.Count(got, "a cannot report") != 1 {
		t.Errorf("%d dropped; events:\n%s", r.Drivers["a"].Dropped, got)
	}
}

// A driver's seconds count unexpected responses, besides errors.
func TestPointsCountUnexpectedResponses(t *testing.T) {
	p := running(t, "a")
	p.pass(time.Second)
	m := p.snapshot("t1", "a", 0, 10, 10, false)
	m.Snapshot.Delta.Responses, m.Snapshot.Delta.Unexpected = 9, 4
	p.post(m)
	if got := p.s.Run("t1").Drivers["a"].Points[0]; got.Errors != 1 || got.Unexpected != 4 {
		t.Errorf("%+v", got)
	}
}
