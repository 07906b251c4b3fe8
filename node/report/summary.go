package report

import (
	"encoding/json"
	"errors"
	"fmt"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/capacity"
)

// Summary is the part of a report that lists show.
type Summary struct {
	Outcome    Outcome               `json:"outcome"`
	DurationMS int64                 `json:"duration_ms"`
	Requests   int64                 `json:"requests"`
	Failed     int64                 `json:"failed"` // errors and unexpected responses
	RateRPS    float64               `json:"rate_rps"`
	AskedRPS   float64               `json:"asked_rate_rps"`
	Latency    Latency               `json:"latency_us"`
	Thresholds []Threshold           `json:"thresholds"`
	Trend      []float64             `json:"-"` // see [Trend]
	Capacity   *capacity.Certificate `json:"-"` // result of a capacity search; nil: it was none
}

// trendParts is the number of parts of a run for which lists show a rate.
const trendParts = 32

// Trend returns the mean rates, in requests per second, of up to 32 equal parts of a run, from the rates of its intervals. A part whose rates
// are all unknown is NaN; the last interval is left out if its rate is unknown, because it is a part of a second.
func Trend(rates []*float64) []float64 {
	if n := len(rates); n > 0 && rates[n-1] == nil {
		rates = rates[:n-1]
	}
	parts := make([]float64, min(len(rates), trendParts))
	for i := range parts {
		total, known := 0.0, 0
		for _, rate := range rates[i*len(rates)/len(parts) : (i+1)*len(rates)/len(parts)] {
			if rate != nil {
				total, known = total+*rate, known+1
			}
		}
		parts[i] = total / float64(known)
	}
	return parts
}

// Summarize parses only the [Summary] of a report: reports may be megabytes long, and lists have many. The
// result is as safe to display as that of [Parse].
func Summarize(data []byte) (Summary, error) {
	var r struct {
		Summary
		Schema     int                     `json:"schema"`
		Errors     map[loadgen.Class]int64 `json:"errors"`
		Unexpected int64                   `json:"unexpected"`
		Capacity   *capacity.Certificate   `json:"capacity"`
		Intervals  []struct {
			RateRPS *float64 `json:"rate_rps"`
		} `json:"intervals"`
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
	s.Capacity = r.Capacity
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
	rates := make([]*float64, len(r.Intervals))
	for i, in := range r.Intervals {
		rates[i] = in.RateRPS
	}
	s.Trend = Trend(rates)
	node.CleanTexts(&s, maxText)
	return s, nil
}
