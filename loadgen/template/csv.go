package template

import (
	"encoding/csv"
	"slices"
	"strings"

	"landfall/loadgen/field"
)

// MaxCSV bounds a table, in bytes.
const MaxCSV = 1 << 20

// Rows are the lines of a spec's CSV that one driver uses.
type Rows struct {
	columns []string
	lines   [][]string
	filled  map[cell][]string // columns that placeholders ask for: many may ask for the same
}

// cell is where a column's values are filled in.
type cell struct {
	column string
	where  Place
}

// ParseRows reads a CSV with a heading line; nil for none. Its errors are *FieldError.
func ParseRows(text string) (*Rows, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > MaxCSV {
		return nil, field.Wrong("csv", len(text), "must be at most %d bytes", MaxCSV)
	}
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	all, err := reader.ReadAll()
	if err != nil {
		return nil, field.Wrong("csv", "", "%v", err)
	}
	if len(all) < 2 {
		return nil, field.Wrong("csv", "", "must have a heading line and one more at least")
	}
	r := &Rows{columns: all[0], lines: all[1:]}
	for i, name := range r.columns {
		r.columns[i] = strings.TrimSpace(name)
	}
	return r, nil
}

// Part keeps every of-th line from index on, so that drivers share no line.
func (r *Rows) Part(index, of int) (*Rows, error) {
	if len(r.lines) < of {
		return nil, field.Wrong("csv_split", true, "%d lines cannot be split among %d drivers", len(r.lines), of)
	}
	mine := &Rows{columns: r.columns}
	for i := index; i < len(r.lines); i += of {
		mine.lines = append(mine.lines, r.lines[i])
	}
	return mine, nil
}

// column is all values of one column, made harmless for a place; all placeholders of one place share them. Errors are *FieldError.
func (r *Rows) column(at, name string, where Place) ([]string, error) {
	if values, ok := r.filled[cell{name, where}]; ok {
		return values, nil
	}
	i := slices.Index(r.columns, name)
	if i < 0 {
		return nil, field.Wrong(at, "{{csv."+name+"}}", "the csv has no such column, only %s", strings.Join(r.columns, ", "))
	}
	values := make([]string, len(r.lines))
	for k, line := range r.lines {
		var err error
		if values[k], err = harmless(at, line[i], where); err != nil {
			return nil, err
		}
	}
	if r.filled == nil {
		r.filled = map[cell][]string{}
	}
	r.filled[cell{name, where}] = values
	return values, nil
}
