package gateway

import (
	"sync"

	"landfall/node/fleet"
	"landfall/node/report"
)

// outcomes caches how finished runs ended: parsing their reports for every list would be slow.
type outcomes struct {
	mu    sync.Mutex
	known map[string]ended
}

type ended struct {
	report.Summary
	conditions []Condition
}

func newOutcomes() *outcomes { return &outcomes{known: map[string]ended{}} }

func (o *outcomes) of(r *fleet.Run) (e ended) {
	if r.Report == nil {
		return e
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	e, ok := o.known[r.ID]
	if !ok {
		var err error
		if e.Summary, err = report.Summarize(r.Report); err != nil {
			e.Summary = report.Summary{Outcome: "unreadable"}
		}
		e.conditions, e.Summary.Thresholds = viewThresholds(e.Summary.Thresholds), nil
		o.known[r.ID] = e
	}
	return e
}
