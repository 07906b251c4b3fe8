package template

import (
	"encoding/csv"
	"fmt"
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
	filled  map[encodedColumn][]string // columns that placeholders ask for: many may ask for the same
}

// encodedColumn is a column and how its values are written.
type encodedColumn struct {
	column   int
	encoding Encoding
}

// ParseRows reads a CSV with a heading line; nil for none. Its errors are *FieldError.
func ParseRows(text string) (*Rows, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > MaxCSV {
		return nil, field.Wrong("csv", len(text), "must be at most %d bytes", MaxCSV)
	}
	return parseCSV("csv", text)
}

// parseCSV reads the CSV that a field holds.
func parseCSV(at, text string) (*Rows, error) {
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	all, err := reader.ReadAll()
	if err != nil {
		return nil, field.Wrong(at, "", "%v", err)
	}
	if len(all) < 2 {
		return nil, field.Wrong(at, "", "must have a heading line and one more at least")
	}
	r := &Rows{columns: all[0], lines: all[1:]}
	seen := map[string]bool{}
	for i, name := range r.columns {
		name = strings.TrimSpace(name)
		if r.columns[i] = name; seen[name] {
			return nil, field.Wrong(at, name, "two columns have this name")
		}
		seen[name] = name != ""
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

// piece is a column as a piece of a template. Its values are encoded where the piece stands.
func (r *Rows) piece(name string) (piece, error) {
	i := slices.Index(r.columns, name)
	if i < 0 {
		return piece{}, fmt.Errorf("the csv has no such column, only %s", strings.Join(r.columns, ", "))
	}
	return piece{kind: columnPiece, column: func(at string, e Encoding) ([]string, error) { return r.encoded(at, i, e) }}, nil
}

// encoded is all values of a column, encoded; all placeholders of one encoding share them. Errors are [*field.Error].
func (r *Rows) encoded(at string, column int, e Encoding) ([]string, error) {
	key := encodedColumn{column, e}
	if values, ok := r.filled[key]; ok {
		return values, nil
	}
	values := make([]string, len(r.lines))
	for k, line := range r.lines {
		if !e.Valid(line[column]) {
			return nil, field.Wrong(at, field.Hidden, "is not a header's value")
		}
		values[k] = string(e.Append(nil, line[column]))
	}
	if r.filled == nil {
		r.filled = map[encodedColumn][]string{}
	}
	r.filled[key] = values
	return values, nil
}

// Columns are the names of the columns; of no table there are none.
func (r *Rows) Columns() []string {
	if r == nil {
		return nil
	}
	return r.columns
}

// Values are those of a column, one a row, as they are.
func (r *Rows) Values(column int) []string {
	values := make([]string, len(r.lines))
	for k, line := range r.lines {
		values[k] = line[column]
	}
	return values
}
