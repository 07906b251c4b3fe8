package hosts

import (
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattn/go-runewidth"
)

// Board shows states: as a table that is redrawn on a terminal, as one line for each change elsewhere.
type Board struct {
	Out  io.Writer
	Size func() (width, height int) // of the terminal; nil: there is none

	drawn     int
	lastLines map[string]string
	message   atomic.Pointer[string]
}

// Say sets the line below the table. It may be called concurrently with Show.
func (b *Board) Say(text string) {
	b.message.Store(&text)
	if b.Size == nil {
		fmt.Fprintln(b.Out, text)
	}
}

// Show draws the current states.
func (b *Board) Show(states []State, now time.Time) {
	if b.Size == nil {
		b.writeChanges(states, now)
		return
	}
	width, height := b.Size()
	last := []string{Summary(states)}
	if message := b.message.Load(); message != nil {
		last = append(last, *message)
	}
	lines := Table(states, width, height-len(last), now)
	for _, l := range last {
		lines = append(lines, runewidth.Truncate(l, width, "…"))
	}
	var text strings.Builder
	if b.drawn > 0 {
		fmt.Fprintf(&text, "\x1b[%dA", b.drawn)
	}
	for _, l := range lines {
		text.WriteString("\r" + l + "\x1b[K\n")
	}
	text.WriteString("\x1b[J")
	b.drawn = len(lines)
	_, _ = io.WriteString(b.Out, text.String())
}

// writeChanges writes the changes.
func (b *Board) writeChanges(states []State, now time.Time) {
	if b.lastLines == nil {
		b.lastLines = map[string]string{}
	}
	for _, s := range states {
		text := fmt.Sprintf("%s (%s): %s, %d of %d drivers running", s.Host, s.Address, s.Phase, s.Running(), s.Wanted)
		if n := s.Restarts(); n > 0 {
			text += ", " + times(n)
		}
		if s.Detail != "" && s.Phase != Copying { // its percentage would be a line each time
			text += ", " + s.Detail
		}
		if b.lastLines[s.Host] != text && s.Phase != Waiting {
			b.lastLines[s.Host] = text
			fmt.Fprintln(b.Out, now.Format(time.TimeOnly), text)
		}
	}
}
