package tui

import (
	"landfall/node/fleet"
	"strings"
)

// driverQuery is which drivers are to be seen, and which one is selected.
type driverQuery struct {
	filter   filter
	by       column
	reversed bool
	rows     int    // drivers that fit
	top      int    // the first of them that is shown
	cursor   string // the driver that is selected
	index    int    // where it was, for when it is gone
	byIndex  bool   // index, not cursor, says which driver is selected
	trend    int    // values of a trend
	gone     bool   // also those that left a while ago
}

// query is what of the state is to be seen.
type query struct {
	driverQuery
	span     int    // seconds of the run; 0: all
	only     string // the driver whose charts are drawn; "": the fleet's
	events   int    // how many fit
	eventTop int    // how many newer ones are below
	history  bool
	heat     int // columns of the heat map; 0: it is not seen
}

// filter is what the operator typed after /: words that all must be found, label=value, and ! before what must not be.
type filter string

func (f filter) matches(d *fleet.Driver) bool {
	if f == "" {
		return true
	}
	for word := range strings.FieldsSeq(string(f)) {
		word, not := strings.CutPrefix(word, "!")
		if word != "" && f.finds(d, word) == not {
			return false
		}
	}
	return true
}

func (f filter) finds(d *fleet.Driver, word string) bool {
	if label, value, ok := strings.Cut(word, "="); ok {
		have, is := d.Labels[label]
		return is && strings.Contains(strings.ToLower(have), strings.ToLower(value))
	}
	word = strings.ToLower(word)
	for _, text := range []string{d.NodeID, d.Host, string(d.Heartbeat.State), string(d.Liveness), d.Version} {
		if strings.Contains(strings.ToLower(text), word) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(labelText(d.Labels)), word)
}
