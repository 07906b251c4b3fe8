package template

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen/field"
)

// ParseData parses the table in a field of a spec: CSV with a header row, or a JSON list of objects. Errors are [*field.Error].
func ParseData(at, text string) (*Rows, error) {
	if strings.HasPrefix(strings.TrimLeft(text, "\ufeff \t\r\n"), "[") {
		return parseObjects(at, text)
	}
	return parseCSV(at, text)
}

// parseObjects parses a JSON list of objects. All their names become columns; missing values are empty.
func parseObjects(at, text string) (*Rows, error) {
	var list []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &list); err != nil {
		return nil, field.Wrong(at, "", "must be CSV with a header row, or a JSON list of objects: %v", err)
	}
	names := map[string]bool{}
	for _, object := range list {
		for name := range object {
			names[name] = true
		}
	}
	if len(names) == 0 {
		return nil, field.Wrong(at, "", "must have at least one object with at least one value")
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

// plain returns a JSON value as text: a string without quotes and escapes, null as "", anything else as JSON.
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

// Len returns the number of rows.
func (r *Rows) Len() int { return len(r.lines) }
