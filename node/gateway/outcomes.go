package gateway

import (
	"encoding/json"
	"sync"

	"landfall/node/fleet"
	"landfall/node/report"
)

// outcomes remembers how finished runs ended, as reports are long and are read for every list.
type outcomes struct {
	mu    sync.Mutex
	known map[string]ended
}

type ended struct {
	Outcome    report.Outcome `json:"outcome"`
	DurationMS int64          `json:"duration_ms"`
	Requests   int64          `json:"requests"`

	Judged     []report.Threshold `json:"thresholds"`
	Thresholds []Condition        `json:"-"`
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
		if json.Unmarshal(r.Report, &e) != nil || !e.Outcome.Known() {
			e = ended{Outcome: "unreadable"}
		}
		e.Thresholds, e.Judged = viewThresholds(e.Judged), nil
		o.known[r.ID] = e
	}
	return e
}
