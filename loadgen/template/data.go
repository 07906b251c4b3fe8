package template

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen/field"
)

// ParseData reads the table that a field holds: CSV with a heading line, or a JSON list of objects. Errors are [*field.Error].
func ParseData(at, text string) (*Rows, error) {
	if strings.HasPrefix(strings.TrimLeft(text, "\ufeff \t\r\n"), "[") {
		return parseObjects(at, text)
	}
	return parseCSV(at, text)
}

// parseObjects reads a list of objects. Its columns are all of their names; a value that an object lacks is empty.
func parseObjects(at, text string) (*Rows, error) {
	var list []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &list); err != nil {
		return nil, field.Wrong(at, "", "must be CSV with a heading line, or a JSON list of objects: %v", err)
	}
	names := map[string]bool{}
	for _, object := range list {
		for name := range object {
			names[name] = true
		}
	}
	if len(names) == 0 {
		return nil, field.Wrong(at, "", "must have one object at least, with one value at least")
	}
	r := &Rows{columns: slices.Sorted(maps.Keys(names))}
	for _, object := range list {
		line := make([]string, len(r.columns))
		for i, name := range r.columns {
			line[i] = plain(object[name])
		}
		r.lines = append(r.lines, line)
	}
	return r, nil
}

// plain is a JSON value as text: of a string what it says, of null nothing, of anything else its JSON.
func plain(value json.RawMessage) string {
	var text *string
	if len(value) == 0 || json.Unmarshal(value, &text) == nil {
		if text == nil {
			return ""
		}
		return *text
	}
	return string(value)
}

// Len is how many rows there are.
func (r *Rows) Len() int { return len(r.lines) }
