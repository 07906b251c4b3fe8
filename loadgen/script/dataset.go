package script

import (
	"math"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// dataset is a table that gives each iteration one row.
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
			return field.Wrong(at, name, "is a reserved name: choose another one")
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

// UniqueRows returns how many iterations the fleet can start: the rows of the shortest data set with pick: unique. limited is false if
// there is none.
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

// Unique returns how many iterations this driver can start; limited is false if no data set is unique. Driver i of n has the rows i,
// i+n, i+2n and so on, so no row is used twice.
func (p *Program) Unique() (rows int64, limited bool) {
	rows = math.MaxInt64
	for i := range p.data {
		if set := &p.data[i]; set.pick == loadgen.PickUnique {
			rows, limited = min(rows, (set.rows-p.index+p.of-1)/p.of), true
		}
	}
	return max(rows, 0), limited
}

// row returns the row of the driver's iteration k. unique counts only the iterations that take a unique row.
func (d *dataset) row(p *Program, k, unique int64, random func() uint64) int64 {
	switch d.pick {
	case loadgen.PickRandom:
		return int64(random() % uint64(d.rows))
	case loadgen.PickUnique:
		return p.Number(unique)
	}
	return p.Number(k) % d.rows
}
