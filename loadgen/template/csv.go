package template

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"landfall/loadgen/field"
)

// MaxCSV is the maximum size of a CSV, in bytes.
const MaxCSV = 1 << 20

// Rows is a table: the rows of a CSV or JSON list that one driver uses.
type Rows struct {
	columns []string
	lines   [][]string
	filled  map[encodedColumn][]string // encoded columns, shared by the placeholders that use them
}

// encodedColumn is a column in one encoding.
type encodedColumn struct {
	column   int
	encoding Encoding
}

// ParseRows parses a CSV with a header row. It returns nil for an empty text. Errors are [*field.Error].
func ParseRows(text string) (*Rows, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > MaxCSV {
		return nil, field.Wrong("csv", len(text), "must be at most %d bytes", MaxCSV)
	}
	return parseCSV("csv", text)
}

// parseCSV parses the CSV in a field of a spec.
func parseCSV(at, text string) (*Rows, error) {
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	all, err := reader.ReadAll()
	if err != nil {
		return nil, field.Wrong(at, "", "%v", err)
	}
	if len(all) < 2 {
		return nil, field.Wrong(at, "", "must have a header row and at least one data row")
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

// Part returns the rows index, index+of, index+2·of and so on: the share of driver index among of drivers.
func (r *Rows) Part(index, of int) (*Rows, error) {
	if len(r.lines) < of {
		return nil, field.Wrong("csv_split", true, "%d rows cannot be split among %d drivers", len(r.lines), of)
	}
	mine := &Rows{columns: r.columns}
	for i := index; i < len(r.lines); i += of {
		mine.lines = append(mine.lines, r.lines[i])
	}
	return mine, nil
}

// piece returns a column as a piece of a template. Its values are encoded once the place of the piece is known.
func (r *Rows) piece(name string) (piece, error) {
	i := slices.Index(r.columns, name)
	if i < 0 {
		return piece{}, fmt.Errorf("the csv has no such column; its columns are %s", strings.Join(r.columns, ", "))
	}
	return piece{kind: columnPiece, column: func(at string, e Encoding) ([]string, error) { return r.encoded(at, i, e) }}, nil
}

// encoded returns the values of a column in an encoding. Errors are [*field.Error].
func (r *Rows) encoded(at string, column int, e Encoding) ([]string, error) {
	key := encodedColumn{column, e}
	if values, ok := r.filled[key]; ok {
		return values, nil
	}
	values := make([]string, len(r.lines))
	for k, line := range r.lines {
		if !e.Valid(line[column]) {
			return nil, field.Wrong(at, field.Hidden, "is not a valid header value")
		}
		values[k] = string(e.Append(nil, line[column]))
	}
	if r.filled == nil {
		r.filled = map[encodedColumn][]string{}
	}
	r.filled[key] = values
	return values, nil
}

// Columns returns the names of the columns, none for a nil table.
func (r *Rows) Columns() []string {
	if r == nil {
		return nil
	}
	return r.columns
}

// Values returns the values of a column by row, not encoded.
func (r *Rows) Values(column int) []string {
	values := make([]string, len(r.lines))
	for k, line := range r.lines {
		values[k] = line[column]
	}
	return values
}
