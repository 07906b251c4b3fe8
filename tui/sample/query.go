// Package sample copies the visible part of a fleet's state, so that it can be drawn without its lock: drivers, events, runs, and
// a run's seconds as series of numbers. It decides what of the state is seen, never how it looks.
package sample

import (
	"strings"

	"landfall/node/fleet"
)

// DriverQuery is which drivers are to be seen, and which one is selected.
type DriverQuery struct {
	Filter   Filter
	By       Column
	Reversed bool
	Rows     int    // drivers that fit
	Top      int    // the first of them that is shown
	Cursor   string // the driver that is selected
	Index    int    // where it was, for when it is gone
	ByIndex  bool   // index, not cursor, says which driver is selected
	Trend    int    // values of a trend
	TrendP99 bool   // trends are of the p99, not of the rate
	Gone     bool   // also those that left a while ago
}

// Query is what of the state is to be seen.
type Query struct {
	Searches *Searches // follows searches for the capacity; nil: none is shown
	DriverQuery
	EventQuery
	Span    int    // seconds of the run; 0: all
	Only    string // the driver whose charts are drawn; "": the fleet's
	History bool
	Heat    int // columns of the heat map; 0: it is not seen
}

// Filter selects drivers: words as in [Words], and label=value.
type Filter Words

// Matches reports whether a driver has all words of the filter.
func (f Filter) Matches(d *fleet.Driver) bool {
	return f == "" || Words(f).match(func(word string) bool { return finds(d, word) })
}

func finds(d *fleet.Driver, word string) bool {
	if label, value, ok := strings.Cut(word, "="); ok {
		have, is := d.Labels[label]
		return is && has(value, have)
	}
	return has(word, d.NodeID, d.Host, string(d.Heartbeat.State), string(d.Liveness), d.Version, LabelText(d.Labels))
}
