package gateway

import (
	"reflect"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
)

// The notes of a driver and the reasons of its run are shown, each under its own name.
func TestViewOfADriver(t *testing.T) {
	east := time.FixedZone("east", 3600)
	d := &fleet.Driver{Liveness: fleet.Alive, SeenAt: time.Date(2026, 11, 26, 13, 0, 0, 0, east)}
	d.NodeID, d.Host, d.Cores, d.MaxRateRPS, d.MaxConnections, d.MaxDurationUS = "d1", "box", 1.5, 100, 7, 9
	d.Heartbeat = node.Heartbeat{State: node.Running, TestID: "run-1", RateRPS: 50, P99US: 1200, Requests: 1000, Errors: 3, Failed: 5, CPU: .25, RSSBytes: 4096, Note: "n", KeyRing: 2}
	v := viewDriver(d)
	want := Driver{NodeID: "d1", Host: "box", Cores: 1.5, MaxRateRPS: 100, MaxConnections: 7, MaxDurationUS: 9, Liveness: "alive", State: "running", TestID: "run-1",
		SeenAt: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), RateRPS: 50, P99US: 1200, Requests: 1000, Errors: 3, Failed: 5, CPU: .25, RSSBytes: 4096, Note: "n", KeyRing: 2}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("got\n%+v, want\n%+v", v, want)
	}
}

func TestCoverageOfASecond(t *testing.T) {
	for _, c := range []struct {
		present, expected int
		want              float64
	}{{0, 0, 1}, {0, 4, 0}, {3, 4, .75}, {4, 4, 1}, {5, 4, 1}} {
		if got := coverage(&fleet.Interval{Present: c.present, Expected: c.expected}); got != c.want {
			t.Errorf("%d of %d: %v", c.present, c.expected, got)
		}
	}
}

func TestMoment(t *testing.T) {
	if moment(time.Time{}) != nil {
		t.Error("no time is shown as one")
	}
	if at := moment(time.Date(2026, 11, 26, 13, 0, 0, 0, time.FixedZone("east", 3600))); at.Location() != time.UTC || at.Hour() != 12 {
		t.Error(at)
	}
	if n := errorsOf(loadgen.Counts{Errors: map[loadgen.Class]int64{loadgen.ErrDNS: 2, loadgen.ErrRead: 5}}); n != 7 {
		t.Errorf("%d errors", n)
	}
}
