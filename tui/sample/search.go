package sample

import (
	"slices"

	"landfall/node/capacity"
	"landfall/node/fleet"
)

// Search is the state of a capacity search.
type Search struct {
	Phase       capacity.Phase
	RateRPS     float64 // currently tested
	Certificate capacity.Certificate
}

// Searches follows the capacity search of the shown run second by second. It draws the same conclusions as the orchestrator that
// controls the run, so every console shows the search's state.
type Searches struct {
	id     string
	search *capacity.Search
}

// follow returns the state of a run's search; nil: the run is not a search.
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
