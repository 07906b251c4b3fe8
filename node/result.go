package node

import "encoding/json"

// Result carries the report of a finished run, as package report writes it.
type Result struct {
	Header
	TestID string          `json:"test_id"`
	Report json.RawMessage `json:"report"`
}
