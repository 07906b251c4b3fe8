package report

import (
	"encoding/json"
	"fmt"
	"math"

	"landfall/loadgen/hdr"
	"landfall/node"
)

// Limits of a report to parse.
const (
	MaxBytes     = 32 << 20
	maxIntervals = 7 * 24 * 3600
	maxDrivers   = 100_000
	maxObjects   = 250_000   // of 36,000 intervals with an event each, 10,000 drivers, and others
	maxValues    = 5_000_000 // in all objects together
	maxText      = 1000      // runes
)

// Parse reads a report's JSON. Whatever it returns is safe to show: sizes are bounded, no count is negative, nothing that Build fills
// is nil, texts are without control characters and the spec without secrets.
func Parse(data []byte) (*Report, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("read report: %d bytes are more than %d", len(data), MaxBytes)
	}
	if err := node.CheckStructure(data, maxObjects, maxValues); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	r := &Report{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("read report: schema %d, this version reads %d", r.Schema, Schema)
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	r.Spec = r.Spec.Redacted() // earlier versions may have published more
	node.CleanTexts(r, maxText)
	r.fill()
	r.upgrade()
	return r, nil
}

// ParseOf parses the report of the given run, as Parse does. A report of another run is an error.
func ParseOf(testID string, data []byte) (*Report, error) {
	r, err := Parse(data)
	if err == nil && r.TestID != testID {
		return nil, fmt.Errorf("read report: it is of run %s, want %s", r.TestID, testID)
	}
	return r, err
}

func (r *Report) check() error {
	if err := node.CheckID("test_id", r.TestID); err != nil {
		return err
	}
	if !r.Outcome.Known() {
		return fmt.Errorf("outcome %.20q: must be passed, finished, failed, aborted, interrupted or running", r.Outcome)
	}
	if len(r.Intervals) > maxIntervals || len(r.Blocks) > maxIntervals || len(r.Drivers) > maxDrivers || len(r.Statuses) > 1000 || len(r.Errors) > 100 || len(r.Failures) > maxFailures {
		return fmt.Errorf("%d intervals, %d drivers, %d statuses: too many", len(r.Intervals), len(r.Drivers), len(r.Statuses))
	}
	for name, n := range map[string]int64{
		"duration_ms": r.DurationMS, "requests": r.Requests, "responses": r.Responses, "errors": lowest(r.Errors),
		"statuses": lowest(r.Statuses), "unexpected": r.Unexpected, "failed": r.Failed, "dropped": r.Dropped, "unknown": r.Unknown,
		"latency_us": r.Latency.Min, "bytes_read": r.BytesRead, "bytes_written": r.BytesWritten,
	} {
		if n < 0 || n > math.MaxInt64/4 {
			return fmt.Errorf("%s %d: want a number from 0 up", name, n)
		}
	}
	if err := r.checkEvidence(); err != nil {
		return err
	}
	if err := r.checkSpreads(); err != nil {
		return err
	}
	if r.Scenarios != nil {
		return r.Scenarios.check()
	}
	return nil
}

func lowest[K comparable](m map[K]int64) (low int64) {
	for _, n := range m {
		low = min(low, n)
	}
	return low
}

// fill replaces nil values of an incomplete report.
func (r *Report) fill() {
	r.Errors = allClasses(r.Errors)
	r.Statuses = clone(r.Statuses)
	if r.Histogram == nil {
		r.Histogram = hdr.New()
	}
	r.Reasons, r.Warnings = some(r.Reasons), some(r.Warnings)
	r.Generator.Reasons = some(r.Generator.Reasons)
	r.Thresholds = some(r.Thresholds)
	r.Named = some(r.Named)
	r.Classes = some(r.Classes)
	r.Drivers = some(r.Drivers)
	r.Findings = some(r.Findings)
	r.Intervals, r.Blocks = some(r.Intervals), some(r.Blocks)
	for i := range r.Intervals {
		r.Intervals[i].Events = some(r.Intervals[i].Events)
	}
}

func some[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
