package loadgen

import (
	"cmp"
	"slices"

	"landfall/loadgen/hdr"
)

// CheckCount is how often a check of a step was met, and how often not.
type CheckCount struct {
	Step   string `json:"step"`
	Check  string `json:"check"`
	Passed int64  `json:"passed,omitempty"`
	Failed int64  `json:"failed,omitempty"`
}

// Group is how long the passes of a group of steps took, in microseconds, with the think time within, and how many passes a
// failure of the iteration ended.
type Group struct {
	Name   string         `json:"name"`
	Failed int64          `json:"failed,omitempty"`
	Time   *hdr.Histogram `json:"time,omitempty"`
}

// IterationFailure is why iterations failed, and at which step.
type IterationFailure struct {
	Step   string `json:"step"`
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// Bounds of what a sum of snapshots tells apart: a snapshot may come from anywhere.
const (
	MaxChecks            = 512
	MaxGroups            = 64
	MaxIterationFailures = 64
)

// AddChecks adds what more counted to list, which it may change.
func AddChecks(list, more []CheckCount) []CheckCount {
	for _, c := range more {
		i := slices.IndexFunc(list, func(have CheckCount) bool { return have.Step == c.Step && have.Check == c.Check })
		switch {
		case i >= 0:
			list[i].Passed += c.Passed
			list[i].Failed += c.Failed
		case len(list) < MaxChecks:
			list = append(list, c)
		}
	}
	return list
}

// AddGroups adds what more measured to list, whose histograms it changes.
func AddGroups(list, more []Group) []Group {
	for _, g := range more {
		i := slices.IndexFunc(list, func(have Group) bool { return have.Name == g.Name })
		switch {
		case i >= 0:
			list[i].Failed += g.Failed
			list[i].Time = hdr.Merged(list[i].Time, g.Time)
		case len(list) < MaxGroups:
			g.Time = hdr.Merged(nil, g.Time)
			list = append(list, g)
		}
	}
	return list
}

// AddIterationFailures adds what more counted to list, which it may change. The most frequent are first.
func AddIterationFailures(list, more []IterationFailure) []IterationFailure {
	for _, f := range more {
		i := slices.IndexFunc(list, func(have IterationFailure) bool { return have.Step == f.Step && have.Reason == f.Reason })
		switch {
		case i >= 0:
			list[i].Count += f.Count
		case len(list) < MaxIterationFailures:
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b IterationFailure) int { return cmp.Compare(b.Count, a.Count) })
	return list
}
