package node

import (
	"encoding/json"
	"errors"
)

// Result carries the report of a finished run, as package report writes it.
type Result struct {
	Header
	TestID string          `json:"test_id"`
	Report json.RawMessage `json:"report"`
}

func (r *Result) address() (Topic, string) { return TopicResults, r.TestID }

func (r *Result) check() error {
	if !json.Valid(r.Report) {
		return errors.New("report: not JSON")
	}
	return CheckID("test_id", r.TestID)
}
