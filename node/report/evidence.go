package report

import (
	"errors"
	"maps"
	"slices"

	"landfall/loadgen/evidence"
	"landfall/node/fleet"
)

// addEvidence adds the run's sample exchanges and slowest requests.
func (r *Report) addEvidence(run *fleet.Run) {
	r.UnexpectedBy = maps.Clone(run.Total.UnexpectedBy)
	if r.UnexpectedBy == nil {
		r.UnexpectedBy = map[evidence.Cause]int64{}
	}
	r.Exchanges, r.Slowest = some(slices.Clone(run.Exchanges)), some(slices.Clone(run.Slowest))
}

// checkEvidence validates the sample exchanges and slowest requests of a parsed report, and fills in missing parts.
func (r *Report) checkEvidence() error {
	if len(r.Exchanges) > evidence.MaxExchanges || len(r.Slowest) > evidence.MaxSlowest || len(r.UnexpectedBy) > 16 || lowest(r.UnexpectedBy) < 0 {
		return errors.New("exchanges, slowest or unexpected_by: too many, or a count below 0")
	}
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		if max(len(e.Sent), len(e.Head), len(e.Body)) > evidence.MaxLines || min(e.LatencyUS, int64(e.Status)) < 0 {
			return errors.New("exchanges: too many lines, or a number below 0")
		}
	}
	for i := range r.Slowest {
		if s := &r.Slowest[i]; min(s.LatencyUS, s.ServiceUS, int64(s.Status)) < 0 {
			return errors.New("slowest: a number below 0")
		}
	}
	if r.UnexpectedBy == nil {
		r.UnexpectedBy = map[evidence.Cause]int64{}
	}
	r.Exchanges, r.Slowest = some(r.Exchanges), some(r.Slowest)
	return nil
}

// Failing groups the exchanges by request and failure, in the order of the report.
func (r *Report) Failing() (groups [][]evidence.Exchange) {
	for i := 0; i < len(r.Exchanges); {
		n := i + 1
		for n < len(r.Exchanges) && r.Exchanges[n].Same(&r.Exchanges[i]) {
			n++
		}
		groups = append(groups, r.Exchanges[i:n])
		i = n
	}
	return groups
}
