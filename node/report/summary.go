package report

import (
	"encoding/json"
	"errors"
	"fmt"

	"landfall/loadgen"
	"landfall/node"
)

// Summary is the part of a report that lists show.
type Summary struct {
	Outcome    Outcome     `json:"outcome"`
	DurationMS int64       `json:"duration_ms"`
	Requests   int64       `json:"requests"`
	Failed     int64       `json:"failed"` // errors and unexpected responses
	RateRPS    float64     `json:"rate_rps"`
	Latency    Latency     `json:"latency_us"`
	Thresholds []Threshold `json:"thresholds"`
}

// Summarize parses only the [Summary] of a report: reports may be megabytes long, and lists have many. The
// result is as safe to display as that of [Parse].
func Summarize(data []byte) (Summary, error) {
	var r struct {
		Summary
		Schema     int                     `json:"schema"`
		Errors     map[loadgen.Class]int64 `json:"errors"`
		Unexpected int64                   `json:"unexpected"`
	}
	if len(data) > MaxBytes {
		return Summary{}, fmt.Errorf("read report: %d bytes are more than %d", len(data), MaxBytes)
	}
	if err := node.CheckStructure(data, maxObjects, maxValues); err != nil {
		return Summary{}, fmt.Errorf("read report: %w", err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return Summary{}, fmt.Errorf("read report: %w", err)
	}
	s := r.Summary
	if r.Schema != Schema {
		return Summary{}, fmt.Errorf("read report: schema %d, this version reads %d", r.Schema, Schema)
	}
	if !s.Outcome.Known() {
		return Summary{}, fmt.Errorf("read report: unknown outcome %.20q", s.Outcome)
	}
	s.Failed = r.Unexpected // reports of earlier versions have no sum
	for _, n := range r.Errors {
		s.Failed += n
	}
	if min(s.DurationMS, s.Requests, s.Failed, s.Latency.Min) < 0 {
		return Summary{}, errors.New("read report: a count is negative")
	}
	node.CleanTexts(&s, maxText)
	return s, nil
}
