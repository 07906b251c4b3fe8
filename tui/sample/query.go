// Package sample copies the visible part of a fleet's state, so that it can be drawn without holding its lock: drivers, events, runs, and a
// run's seconds as series of numbers. It decides which part of the state is visible, but not how it looks.
package sample

import (
	"strings"

	"landfall/node/fleet"
)

// DriverQuery selects the visible drivers and the selected one.
type DriverQuery struct {
	Filter   Filter
	By       Column
	Reversed bool
	Rows     int    // number of drivers that fit
	Top      int    // first visible driver
	Cursor   string // name of the selected driver
	Index    int    // its last index, in case it disappears
	ByIndex  bool   // Index, not Cursor, selects the driver
	Trend    int    // number of values of a trend
	TrendP99 bool   // trends show the p99 instead of the rate
	Gone     bool   // include drivers that left a while ago
}

// Query selects the visible part of the state.
type Query struct {
	Searches *Searches // follows capacity searches; nil: none is shown
	DriverQuery
	EventQuery
	Span    int    // seconds of the run; 0: all
	Only    string // driver whose charts are drawn; "": the fleet
	History bool
	Heat    int // columns of the heat map; 0: it is hidden
}

// Filter selects drivers by words as in [Words], and by label=value.
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
