package loadgen

import (
	"fmt"

	"landfall/loadgen/field"
)

// Dataset is a table of which each iteration has one row: {{name.column}} is a value of it.
type Dataset struct {
	Rows string `json:"rows" yaml:"rows"`                     // CSV with a heading line, or a JSON list of objects
	Pick string `json:"pick,omitempty" yaml:"pick,omitempty"` // which row: see [Picks]
}

// Picks are how an iteration gets its row. In sequence (the default) the fleet's iterations go through the table and start
// again from its top; at random, each draws one; unique gives every row to one iteration of the fleet, and the run starts no
// more iterations when all are used.
var Picks = []string{PickSequence, PickRandom, PickUnique}

// The values of [Dataset.Pick].
const (
	PickSequence = "sequence"
	PickRandom   = "random"
	PickUnique   = "unique"
)

// MaxData is how many bytes the rows of all data sets take in a message, at most.
const MaxData = 8 << 20

const maxDatasets = 16

func (s Spec) checkData() error {
	if len(s.Data) > maxDatasets {
		return field.Wrong("data", len(s.Data), "must be at most %d", maxDatasets)
	}
	size := 0
	for name, set := range s.Data {
		size += EscapedLen(set.Rows)
		switch at := "data." + name; {
		case set.Rows == "":
			return field.Wrong(at+".rows", "", "must be CSV with a heading line, or a JSON list of objects (file: PATH reads them)")
		case set.Pick != "" && set.Pick != PickSequence && set.Pick != PickRandom && set.Pick != PickUnique:
			return field.Wrong(at+".pick", set.Pick, "must be sequence, random or unique")
		}
	}
	if size > MaxData {
		return field.Wrong("data", fmt.Sprintf("%d bytes", size), "all data sets together must have at most %d bytes", MaxData)
	}
	return nil
}

// HasUnique reports whether a data set gives each row to one iteration only.
func (s Spec) HasUnique() bool {
	for _, set := range s.Data {
		if set.Pick == PickUnique {
			return true
		}
	}
	return false
}
