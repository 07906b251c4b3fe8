package script

import (
	"math"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// dataset is a table of which each iteration has one row.
type dataset struct {
	pick    string
	rows    int64
	columns []column
}

// data compiles the data sets of a spec.
func (c *flow) data() error {
	for _, name := range sortedKeys(c.spec.Data) {
		at := "data." + name
		switch err := checkName(at, name); {
		case err != nil:
			return err
		case name == "csv" || name == "env" || name == "secret":
			return field.Wrong(at, name, "has a meaning of its own: choose another name")
		}
		given := c.spec.Data[name]
		table, err := template.ParseData(at+".rows", given.Rows)
		if err != nil {
			return err
		}
		set := dataset{pick: given.Pick, rows: int64(table.Len())}
		for i, heading := range table.Columns() {
			set.columns = append(set.columns, column{c.slot(name + "." + heading), table.Values(i)})
		}
		c.program.data = append(c.program.data, set)
	}
	return nil
}

// UniqueRows is how many iterations the fleet has rows for, if a data set is unique: as many as the shortest of them has rows.
func UniqueRows(spec loadgen.Spec) (rows int64, limited bool) {
	rows = math.MaxInt64
	for _, set := range spec.Data {
		if set.Pick != loadgen.PickUnique {
			continue
		}
		if table, err := template.ParseData("", set.Rows); err == nil {
			rows, limited = min(rows, int64(table.Len())), true
		}
	}
	return rows, limited
}

// Unique is how many iterations this driver has unique rows for; limited is false if no data set is unique. Rows are split
// among drivers by their number, so that no two have one in common.
func (p *Program) Unique() (rows int64, limited bool) {
	rows = math.MaxInt64
	for i := range p.data {
		if set := &p.data[i]; set.pick == loadgen.PickUnique {
			rows, limited = min(rows, (set.rows-p.index+p.of-1)/p.of), true
		}
	}
	return max(rows, 0), limited
}

// row is the row of an iteration: its number in the driver is k, and unique that among those that have a unique row.
func (d *dataset) row(p *Program, k, unique int64, random func() uint64) int64 {
	switch d.pick {
	case loadgen.PickRandom:
		return int64(random() % uint64(d.rows))
	case loadgen.PickUnique:
		return p.Number(unique)
	}
	return p.Number(k) % d.rows
}
