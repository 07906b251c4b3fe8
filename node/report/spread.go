package report

import (
	"errors"

	"landfall/node/fleet"
)

// Spread counts an interval's responses by latency, in the bands of [fleet.Heat]: four per decade, from 10 µs up.
type Spread struct {
	First  int      `json:"first"`  // the first band of Counts; band n starts at 10^(1+n/4) µs
	Counts []uint32 `json:"counts"` // up to the last band that has responses
}

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
	return &Spread{first, append([]uint32(nil), h[first:last+1]...)}
}

// Heat returns the counts of all bands.
func (s *Spread) Heat() (h fleet.Heat) {
	if s != nil && s.First >= 0 && s.First < len(h) {
		copy(h[s.First:], s.Counts)
	}
	return h
}

// checkSpreads validates the spreads of a parsed report.
func (r *Report) checkSpreads() error {
	for i := range r.Intervals {
		if s := r.Intervals[i].Spread; s != nil && (s.First < 0 || len(s.Counts) > fleet.HeatBands-min(s.First, fleet.HeatBands)) {
			return errors.New("intervals: a spread has more bands than there are")
		}
	}
	return nil
}
