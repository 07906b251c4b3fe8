package report

import (
	"slices"
	"testing"

	"landfall/node/fleet"
)

// A spread omits the empty bands at both ends, and preserves the counts.
func TestSpread(t *testing.T) {
	for name, h := range map[string]fleet.Heat{"some": {5: 3, 7: 1}, "first": {0: 9}, "last": {fleet.HeatBands - 1: 2}, "all": {0: 1, fleet.HeatBands - 1: 1}, "none": {}} {
		s := spreadOf(h)
		if got := s.Heat(); got != h {
			t.Errorf("%s: %v, want %v", name, got, h)
		}
		if name == "none" && s != nil || name == "some" && (s.First != 5 || !slices.Equal(s.Counts, []uint32{3, 0, 1})) {
			t.Errorf("%s is %+v", name, s)
		}
	}
}

// A parsed spread must not have more bands than exist.
func TestParsedSpread(t *testing.T) {
	for _, s := range []Spread{{First: -1}, {First: 3, Counts: make([]uint32, fleet.HeatBands/3)}, {First: 1 << 40, Counts: []uint32{1}}, {PerDecade: fleet.HeatPerDecade, First: 3, Counts: make([]uint32, fleet.HeatBands)}} {
		r := Report{Intervals: []Interval{{Spread: &s}}}
		if r.checkSpreads() == nil {
			t.Errorf("%+v is accepted", s)
		}
		s.Heat()
	}
}

// Reports of earlier versions have wider bands; of bands that a later version may have, nothing is shown.
func TestSpreadOfOtherVersions(t *testing.T) {
	want := fleet.Heat{24: 3, 25: 2, 26: 2, 27: 1}
	if got := (&Spread{First: 8, Counts: []uint32{7, 1}}).Heat(); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	later := &Spread{PerDecade: 40, First: 200, Counts: []uint32{7}}
	if err := (&Report{Intervals: []Interval{{Spread: later}}}).checkSpreads(); err != nil || later.Heat() != (fleet.Heat{}) {
		t.Errorf("%v, %v", err, later.Heat())
	}
}
