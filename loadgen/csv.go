package loadgen

import (
	"encoding/csv"
	"slices"
	"strings"
)

// rows are the lines of a spec's CSV that one driver uses.
type rows struct {
	columns []string
	lines   [][]string
}

// parseRows reads a CSV with a heading line; nil for none. Its errors are *FieldError.
func parseRows(text string) (*rows, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxCSV {
		return nil, wrong("csv", len(text), "must be at most %d bytes", maxCSV)
	}
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	all, err := reader.ReadAll()
	if err != nil {
		return nil, wrong("csv", "", "%v", err)
	}
	if len(all) < 2 {
		return nil, wrong("csv", "", "must have a heading line and one more at least")
	}
	r := &rows{columns: all[0], lines: all[1:]}
	for i, name := range r.columns {
		r.columns[i] = strings.TrimSpace(name)
	}
	return r, nil
}

// part keeps every of-th line from index on, so that drivers share no line.
func (r *rows) part(index, of int) (*rows, error) {
	if len(r.lines) < of {
		return nil, wrong("csv_split", true, "%d lines cannot be split among %d drivers", len(r.lines), of)
	}
	mine := &rows{columns: r.columns}
	for i := index; i < len(r.lines); i += of {
		mine.lines = append(mine.lines, r.lines[i])
	}
	return mine, nil
}

// column is all values of one column; false when there is no such column.
func (r *rows) column(name string) ([]string, bool) {
	if r == nil {
		return nil, false
	}
	i := slices.Index(r.columns, name)
	if i < 0 {
		return nil, false
	}
	values := make([]string, len(r.lines))
	for k, line := range r.lines {
		values[k] = line[i]
	}
	return values, true
}
