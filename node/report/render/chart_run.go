package render

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/node/report"
)

// The charts of the whole run have the curves and marks of the console's.

// completeFrom is the share of the drivers from which on a second counts as complete. What fewer reported is a lower bound.
const completeFrom = 0.99

func partial(in *report.Interval) bool { return in.Coverage > 0 && in.Coverage < completeFrom }

// throughput returns the curves of answered requests, of failed requests and the requested rate if there are any, and of lower bounds.
func throughput(r *report.Report) []curve {
	curves := []curve{whole(r, "answered", "answered", answered)}
	if r.Failed > 0 {
		curves = append(curves, whole(r, "failed", "failed", failedIn))
	}
	if r.AskedRateRPS > 0 {
		curves = append(curves, over(r, "asked", "asked", askedIn))
	}
	return append(curves, bounds(r, answered)...)
}

func latencies(r *report.Report) []curve {
	curves := []curve{whole(r, "p50", "p50", latencyIn(p50In)), whole(r, "p95", "p95", latencyIn(p95In)), whole(r, "p99", "p99", latencyIn(p99In))}
	return append(curves, bounds(r, latencyIn(p99In))...)
}

// whole returns a curve over the complete intervals.
func whole(r *report.Report, name, class string, of func(*report.Interval) (float64, bool)) curve {
	return over(r, name, class, func(in *report.Interval) (float64, bool) {
		v, measured := of(in)
		return v, measured && !partial(in)
	})
}

// bounds returns a curve over the intervals that only some drivers have reported, up to the complete ones next to them; none if all are
// complete.
func bounds(r *report.Report, of func(*report.Interval) (float64, bool)) []curve {
	if !slices.ContainsFunc(r.Intervals, func(in report.Interval) bool { return partial(&in) }) {
		return nil
	}
	i := -1
	return []curve{over(r, "at least (some drivers had not reported)", "bound", func(in *report.Interval) (float64, bool) {
		i++
		near := partial(in) || i > 0 && partial(&r.Intervals[i-1]) || i+1 < len(r.Intervals) && partial(&r.Intervals[i+1])
		v, measured := of(in)
		return v, measured && near
	})}
}

// mark is an event on a chart: a line, with a label if there is room.
type mark struct {
	At, Text    string
	Label, Tone string
	Row         string // where the label is, in pixels
	Roomy       bool   // on a narrow screen the label would cover others
}

// Labels of marks: two rows, their height and the width of a character in SVG units.
const (
	labelTop, labelRow, labelChar = 20.0, 13.0, 8.0
	labelNarrow                   = 17.0 // a character on a narrow screen
	labelRows                     = 2
)

// marksOf returns the events that charts mark; x is their place.
func marksOf(r *report.Report, x func(ms int64) float64) (list []mark) {
	var taken, narrow [labelRows]float64 // up to where labels are
	var events []fleet.Event
	for _, e := range notableEvents(r) {
		events = append(events, fleet.Event{At: time.UnixMilli(e.AtMS), Kind: fleet.EventKind(e.Kind), NodeID: clean(e.NodeID, 20), Text: e.Text})
	}
	for _, marked := range fleet.Marks(events) {
		ms := marked.Event.At.UnixMilli()
		at := x(ms)
		m := mark{At: fmt.Sprintf("%.1f", at), Text: figures.Clock(ms) + " " + marked.Event.Text}
		end := at + labelChar*float64(utf8.RuneCountInString(marked.Label)+1)
		for row := range taken {
			if marked.Label != "" && at >= taken[row] && end <= chartRight {
				m.Label, m.Row = marked.Label, fmt.Sprintf("%.0f", labelTop+labelRow*float64(row))
				wide := at + labelNarrow*float64(utf8.RuneCountInString(marked.Label)+1)
				if m.Roomy = at < narrow[row] || wide > chartRight; !m.Roomy {
					narrow[row] = wide
				}
				if marked.Event.Kind.Severity() == fleet.SeverityBad {
					m.Tone = "fails"
				}
				taken[row] = end
				break
			}
		}
		list = append(list, m)
	}
	return list
}
