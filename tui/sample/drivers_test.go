package sample

import (
	"slices"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/tuitest"
)

// TestOrder: names are sorted naturally, lost drivers first; figures are in descending order; equal ones by
// name.
func TestOrder(t *testing.T) {
	driver := func(id string, rate float64, live fleet.Liveness) *fleet.Driver {
		return &fleet.Driver{Register: node.Register{NodeID: id}, Heartbeat: node.Heartbeat{RateRPS: rate}, Liveness: live, SeenAt: time.Unix(int64(rate), 0)}
	}
	list := []*fleet.Driver{driver("d10", 5, fleet.Alive), driver("d9", 7, fleet.Alive), driver("d2", 5, fleet.Lost), driver("d1", 5, fleet.Left)}
	for _, test := range []struct {
		by       Column
		reversed bool
		want     []string
	}{
		{ByName, false, []string{"d2", "d1", "d9", "d10"}},
		{ByName, true, []string{"d2", "d10", "d9", "d1"}},
		{ByRate, false, []string{"d9", "d1", "d2", "d10"}},
		{ByRate, true, []string{"d1", "d2", "d10", "d9"}},
		{ByState, false, []string{"d2", "d9", "d10", "d1"}},
	} {
		order(list, nil, test.by, test.reversed)
		var got []string
		for _, d := range list {
			got = append(got, d.NodeID)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("by %s, reversed %v: %v, want %v", ColumnNames[test.by], test.reversed, got, test.want)
		}
	}
}

func TestLabelText(t *testing.T) {
	if got := LabelText(map[string]string{"zone": "eu", "arch": "arm"}); got != "arch=arm zone=eu" {
		t.Errorf("%q", got)
	}
	for _, labels := range []map[string]string{nil, {"zone": "eu"}, {"zone": "eu", "arch": "arm"}} {
		if got := labelsLength(labels); got != len(LabelText(labels)) {
			t.Errorf("%v: length %d of %q", labels, got, LabelText(labels))
		}
	}
	if got := LabelText(nil); got != "" {
		t.Errorf("no labels are %q", got)
	}
}

// TestTrendOf: seconds that a driver did not report are gaps.
func TestTrendOf(t *testing.T) {
	c := &fleet.Carrier{FirstPoint: 10, Points: []fleet.Point{{Present: true, Requests: 5, P99US: 70}, {}, {Present: true, Requests: 7, P99US: 90}}}
	got := trendOf(c, 9, 5, false, 0)
	for i, want := range []float64{Gap, 5, Gap, 7, Gap} {
		if got[i] != want && !(got[i] != got[i] && want != want) {
			t.Errorf("second %d is %v, want %v", i, got[i], want)
		}
	}
	if p99 := trendOf(c, 10, 1, true, 0)[0]; p99 != 70 {
		t.Errorf("p99 %v", p99)
	}
	if got := trendOf(c, 12, 1, false, 12.5)[0]; got != 14 {
		t.Errorf("7 requests in the last half of a second are %v/s", got)
	}
}

// Drivers without a share of the active run say so, and come after those that execute it.
func TestDriversWithoutAShare(t *testing.T) {
	c := tuitest.New()
	c.Drivers(3)
	c.Configure("tsunami-7", 3)
	c.Start("tsunami-7", 3, "me")
	run := c.State.Run("tsunami-7")
	run.Drivers["drv-01"].LostAt = time.Second
	c.Beat(1, node.Running, "tsunami-7")
	var s Sample
	s.takeDrivers(c.State, Query{DriverQuery: DriverQuery{Rows: 3}})
	if got := s.Ids; !slices.Equal(got, []string{"drv-02", "drv-03", "drv-01"}) || s.Rows[0].NoShare || s.Rows[1].NoShare || !s.Rows[2].NoShare {
		t.Errorf("%q, %+v", got, s.Rows)
	}
}
