// Package progress shows a run in progress, as one line that is redrawn on a terminal or as a line every few seconds elsewhere, and the
// fleet as plain text.
package progress

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// Source gives access to the state of an orchestrator.
type Source interface {
	View(func(*fleet.State))
	Connected() error
}

// Line is the progress line of a run.
type Line struct {
	Out      io.Writer
	Terminal bool // redraw one line; otherwise write a line every few seconds
	Color    bool
	Width    int // of the terminal; default 80
	Source   Source

	shown int // events already shown
	drawn bool
}

const (
	redrawEvery = 250 * time.Millisecond
	writeEvery  = 3 * time.Second
)

// Watch shows a run until ctx ends.
func (l *Line) Watch(ctx context.Context, testID string) {
	tick := time.NewTicker(redrawEvery)
	defer tick.Stop()
	defer l.wipe()
	written := time.Now()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		l.writeEvents(testID)
		if l.Terminal {
			l.draw(l.text(testID))
		} else if time.Since(written) >= writeEvery {
			written = time.Now()
			fmt.Fprintln(l.Out, l.text(testID))
		}
	}
}

// text returns the line: elapsed time and figures of the run.
func (l *Line) text(testID string) string {
	text := testID
	l.Source.View(func(s *fleet.State) {
		if r := s.Run(testID); r != nil {
			text = describe(r, s.Now())
		}
	})
	if err := l.Source.Connected(); err != nil {
		text += "  Kafka is unreachable, the drivers keep running: " + node.Clean(err.Error(), 120)
	}
	return text
}

// describe returns one line about a run at now.
func describe(r *fleet.Run, now time.Time) string {
	if r.T0.IsZero() {
		return r.ID + "  asking the drivers"
	}
	age := now.Sub(r.T0)
	if age < 0 {
		return fmt.Sprintf("%s  starts in %.1fs", r.ID, -age.Seconds())
	}
	parts := []string{r.ID, elapsed(r, age), rateText(r), figures.Count(r.Total.Requests) + " requests"}
	if len(r.Spec.Scenarios) > 0 {
		parts = append(parts, figures.Count(r.Total.Iterations)+" iterations")
		if i := newest(r); i != nil {
			parts = append(parts, figures.Plural(int64(i.Users), "user"))
		}
	}
	if r.Total.IterationsFailed > 0 {
		parts = append(parts, figures.Count(r.Total.IterationsFailed)+" failed iterations")
	}
	if errors := r.Total.Requests - r.Total.Responses; errors > 0 {
		parts = append(parts, figures.Count(errors)+" errors")
	}
	if r.Total.Unexpected > 0 {
		parts = append(parts, figures.Count(r.Total.Unexpected)+" unexpected")
	}
	if r.Total.Dropped > 0 {
		parts = append(parts, figures.Count(r.Total.Dropped)+" dropped")
	}
	if i := measured(r); i != nil {
		parts = append(parts, "p50 "+figures.Micros(i.P50US), "p99 "+figures.Micros(i.P99US))
	}
	parts = append(parts, driversText(r))
	if r.Phase == fleet.Draining {
		parts = append(parts, "draining")
	}
	return strings.Join(parts, "  ")
}

// newest returns the latest complete interval of the last five; nil: none.
func newest(r *fleet.Run) *fleet.Interval {
	for n := r.Intervals.Len() - 1; n >= 0 && n >= r.Intervals.Len()-5; n-- {
		if i := r.Intervals.At(n); i.Present > 0 && i.Present >= i.Expected {
			return i
		}
	}
	return nil
}

// measured returns the latest interval whose percentiles have been computed, which happens at the next tick of its orchestrator.
func measured(r *fleet.Run) *fleet.Interval {
	for n := r.Intervals.Len() - 1; n >= 0 && n >= r.Intervals.Len()-5; n-- {
		if i := r.Intervals.At(n); i.P99US > 0 {
			return i
		}
	}
	return nil
}

func rateText(r *fleet.Run) string {
	i := newest(r)
	if i == nil {
		return "0/s"
	}
	text := figures.Count(i.Delta.Requests) + "/s"
	if r.Spec.Kind == loadgen.Tsunami && i.Asked > 0 && len(r.Spec.Scenarios) == 0 {
		text += " of " + figures.Count(i.Asked)
	}
	return text
}

func elapsed(r *fleet.Run, age time.Duration) string {
	text := clock(age)
	if p := r.Plan(); p != nil && p.UntilUS > 0 {
		until := time.Duration(p.UntilUS) * time.Microsecond
		text = clock(min(age, until)) + "/" + clock(until)
	} else if r.Spec.Count > 0 {
		text += fmt.Sprintf(" %.0f%%", 100*float64(r.Total.Ended(len(r.Spec.Scenarios) > 0))/float64(r.Spec.Count))
	}
	if r.Paused {
		text += " paused"
	}
	return text
}

func driversText(r *fleet.Run) string {
	hold := 0
	for _, c := range r.Drivers {
		if c.Holds() {
			hold++
		}
	}
	if hold == len(r.Drivers) {
		return figures.Plural(int64(hold), "driver")
	}
	return fmt.Sprintf("%d of %s", hold, figures.Plural(int64(len(r.Drivers)), "driver"))
}

// writeEvents writes the events since the last call, one per line.
func (l *Line) writeEvents(testID string) {
	var lines []string
	l.Source.View(func(s *fleet.State) {
		r := s.Run(testID)
		if r == nil {
			return
		}
		l.shown = min(l.shown, len(r.Events))
		for _, e := range r.Events[l.shown:] {
			if !e.Kind.Routine() {
				lines = append(lines, strings.TrimSpace(clock(max(e.At.Sub(r.T0), 0))+"  "+e.NodeID)+"  "+e.Text)
			}
		}
		l.shown = len(r.Events)
	})
	for _, line := range lines {
		l.wipe()
		fmt.Fprintln(l.Out, line)
	}
}

func (l *Line) draw(text string) {
	width := l.Width
	if width <= 0 {
		width = 80
	}
	text = runewidth.Truncate(text, width-1, "…")
	if l.Color {
		text = "\x1b[1m" + text + "\x1b[0m"
	}
	fmt.Fprint(l.Out, "\r\x1b[2K"+text)
	l.drawn = true
}

// wipe erases the drawn line.
func (l *Line) wipe() {
	if l.drawn {
		fmt.Fprint(l.Out, "\r\x1b[2K")
		l.drawn = false
	}
}

func clock(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
