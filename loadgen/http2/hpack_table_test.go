package http2

import "testing"

// sized returns an entry of a size in the table.
func sized(size int32, value int64) entry {
	return entry{meaning: meansLength, size: size, value: value}
}

func TestTableEvictsTheOldestEntries(t *testing.T) {
	table := table{limit: 100}
	for i := range int64(3) {
		table.add(sized(40, i))
	}
	if table.n != 2 || table.used != 80 {
		t.Fatalf("%d entries of %d bytes", table.n, table.used)
	}
	for i, want := range map[uint64]int64{1: 2, 2: 1} {
		if e, ok := table.at(i); !ok || e.value != want {
			t.Errorf("entry %d: %+v, %v, want value %d", i, e, ok, want)
		}
	}
	for _, i := range []uint64{0, 3, 1 << 40} {
		if e, ok := table.at(i); ok {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
	if table.add(sized(101, 9)); table.n != 0 || table.used != 0 {
		t.Errorf("an entry larger than the table: %d entries of %d bytes", table.n, table.used)
	}
}

func TestTableResize(t *testing.T) {
	table := table{limit: tableSize}
	for i := range int64(4) {
		table.add(sized(50, i))
	}
	before := table.changes
	if !table.resize(120) || table.n != 2 || table.used != 100 || table.changes == before {
		t.Errorf("%d entries of %d bytes", table.n, table.used)
	}
	if e, _ := table.at(1); e.value != 3 {
		t.Errorf("newest entry %+v", e)
	}
	if !table.resize(0) || table.n != 0 {
		t.Errorf("%d entries in a table of size 0", table.n)
	}
	if table.add(sized(32, 1)); table.n != 0 {
		t.Error("added to a table of size 0")
	}
	if !table.resize(tableSize) || table.resize(tableSize+1) {
		t.Error("the limit of the table is tableSize")
	}
}

// The smallest entries fill the ring exactly.
func TestTableHoldsMaxEntries(t *testing.T) {
	table := table{limit: tableSize}
	for i := range int64(3 * maxEntries) {
		table.add(sized(entryOverhead, i))
	}
	if table.n != maxEntries || table.used != tableSize {
		t.Fatalf("%d entries of %d bytes", table.n, table.used)
	}
	for i := range uint64(maxEntries) {
		if e, ok := table.at(i + 1); !ok || e.value != int64(3*maxEntries-1-i) {
			t.Fatalf("entry %d: %+v, %v", i+1, e, ok)
		}
	}
}
