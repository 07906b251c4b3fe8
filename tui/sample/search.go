package sample

import (
	"slices"

	"landfall/node/capacity"
	"landfall/node/fleet"
)

// Search is how far a search for the capacity is.
type Search struct {
	Phase       capacity.Phase
	RateRPS     float64 // that is tried now
	Certificate capacity.Certificate
}

// Searches follows the search of the run that is shown, second by second: it reads the same from them as the orchestrator that
// conducts it, so that every console shows where it is.
type Searches struct {
	id     string
	search *capacity.Search
}

// follow is where the search of a run is; nil: it is none.
func (s *Searches) follow(r *fleet.Run) *Search {
	if s == nil || r.Spec.Capacity == nil || r.T0.IsZero() {
		return nil
	}
	if s.id != r.ID {
		s.id, s.search = r.ID, capacity.NewSearch(r.Spec)
	}
	s.search.Follow(r)
	c := s.search.Certificate()
	c.Probes = slices.Clone(c.Probes)
	return &Search{s.search.Phase(), s.search.Rate(), c}
}
