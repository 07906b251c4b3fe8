package gateway

import (
	"reflect"
	"slices"
	"time"
)

// Change is the difference between two states: complete entries that are new or changed.
type Change struct {
	Seq         uint64    `json:"seq"` // of the resulting state
	At          time.Time `json:"at"`
	Trouble     string    `json:"trouble,omitempty"` // as in State, always
	Drivers     []Driver  `json:"drivers,omitempty"`
	Gone        []string  `json:"gone,omitempty"`         // drivers that are no longer known
	Run         *Run      `json:"run,omitempty"`          // the most relevant one
	Runs        []Run     `json:"runs,omitempty"`         // the newest first
	IntervalsOf string    `json:"intervals_of,omitempty"` // if it differs from before: discard earlier intervals
	Intervals   []Figures `json:"intervals,omitempty"`
	Events      []Event   `json:"events,omitempty"`      // the newest last
	EventsAnew  bool      `json:"events_anew,omitempty"` // discard earlier events: some have changed, such as those of a run once its report is read
}

// changes returns the change from one state to another, and whether there is one.
func changes(from, to *State) (Change, bool) {
	c := Change{Seq: to.Seq, At: to.At, Trouble: to.Trouble, IntervalsOf: to.IntervalsOf}
	c.Drivers, c.Gone = changed(from.Drivers, to.Drivers, func(d *Driver) string { return d.NodeID })
	if !reflect.DeepEqual(from.Run, to.Run) {
		c.Run = to.Run
	}
	c.Runs, _ = changed(from.Runs, to.Runs, func(r *Run) string { return r.TestID })
	before := from.Intervals
	if from.IntervalsOf != to.IntervalsOf {
		before = nil
	}
	c.Intervals, _ = changed(before, to.Intervals, func(f *Figures) int64 { return f.AtMS })
	c.Events, c.EventsAnew = after(from.Events, to.Events)
	any := c.Run != nil || len(c.Drivers)+len(c.Gone)+len(c.Runs)+len(c.Intervals)+len(c.Events) > 0
	return c, any || c.EventsAnew || from.Trouble != to.Trouble || from.IntervalsOf != to.IntervalsOf
}

// changed returns the new or changed entries of a list, and the keys of removed ones.
func changed[T any, K comparable](from, to []T, key func(*T) K) (list []T, gone []K) {
	before := make(map[K]*T, len(from))
	for i := range from {
		before[key(&from[i])] = &from[i]
	}
	for i := range to {
		k := key(&to[i])
		if was := before[k]; was == nil || !reflect.DeepEqual(*was, to[i]) {
			list = append(list, to[i])
		}
		delete(before, k)
	}
	for i := range from {
		if k := key(&from[i]); before[k] != nil {
			gone = append(gone, k)
		}
	}
	return list, gone
}

// after returns the events after the newest one of before or, with anew, all events of now, because those of before have changed.
func after(before, now []Event) (list []Event, anew bool) {
	if len(before) == 0 {
		return now, false
	}
	kept := 1 + slices.Index(now, before[len(before)-1])
	if kept == 0 || kept > len(before) || !slices.Equal(now[:kept], before[len(before)-kept:]) {
		return slices.Clone(now), true
	}
	return slices.Clone(now[kept:]), false
}
