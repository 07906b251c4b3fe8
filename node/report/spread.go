package report

import (
	"errors"

	"landfall/node/fleet"
)

// Spread counts an interval's responses by latency, in the bands of [fleet.Heat].
type Spread struct {
	PerDecade int      `json:"per_decade,omitempty"` // bands per factor of ten; 0, in reports of earlier versions: 4
	First     int      `json:"first"`                // the first band of Counts; band n starts at 10^(1+n/per_decade) µs
	Counts    []uint32 `json:"counts"`               // up to the last band that has responses
}

// wideBands is the number of bands per factor of ten in reports of earlier versions.
const wideBands = 4

// spreadsKept bounds a report: longer runs have no spreads.
const spreadsKept = 7200

// addSpreads adds the spread of each second's responses, unless the run is too long.
func (r *Report) addSpreads(run *fleet.Run) {
	if len(r.Intervals) > spreadsKept || len(r.Intervals) > run.Intervals.Len() {
		return
	}
	for i := range r.Intervals {
		r.Intervals[i].Spread = spreadOf(run.Intervals.Figures(i).Heat)
	}
}

// spreadOf returns a spread without the empty bands at both ends; nil if all are empty.
func spreadOf(h fleet.Heat) *Spread {
	first, last := -1, -1
	for band, n := range h {
		if n == 0 {
			continue
		}
		if last = band; first < 0 {
			first = band
		}
	}
	if first < 0 {
		return nil
	}
	return &Spread{fleet.HeatPerDecade, first, append([]uint32(nil), h[first:last+1]...)}
}

// Heat returns the counts of all bands. Those of wider bands are distributed evenly over the bands that each of them contains.
func (s *Spread) Heat() (h fleet.Heat) {
	if s == nil || s.width() == 0 {
		return h
	}
	width := s.width()
	for i, n := range s.Counts {
		for k := range width {
			if band := (s.First+i)*width + k; band >= 0 && band < len(h) {
				h[band] = (n + uint32(width-1-k)) / uint32(width)
			}
		}
	}
	return h
}

// width returns how many bands of [fleet.Heat] a band of the spread contains; 0: it has other bands.
func (s *Spread) width() int {
	switch s.PerDecade {
	case 0:
		return fleet.HeatPerDecade / wideBands
	case fleet.HeatPerDecade:
		return 1
	}
	return 0
}

// checkSpreads validates the spreads of a parsed report.
func (r *Report) checkSpreads() error {
	for i := range r.Intervals {
		s := r.Intervals[i].Spread
		if s == nil || s.width() == 0 { // of a later version: it is not shown
			continue
		}
		if bands := fleet.HeatBands / s.width(); s.First < 0 || len(s.Counts) > bands-min(s.First, bands) {
			return errors.New("intervals: a spread has more bands than there are")
		}
	}
	return nil
}
