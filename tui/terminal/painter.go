// Package terminal writes frames to a terminal, only the lines that changed, and restores it when the program crashes.
package terminal

import (
	"bytes"
	"context"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// Painter writes frames to a terminal: only the lines that changed, immediately, and at most [WritesPerSecond] times. Bubble Tea's
// own renderer polls for frames: that either delays keys, or is the largest cost of an idle console. It therefore only sets the
// terminal's modes, and its frames are dropped.
type Painter struct {
	out   io.Writer
	fresh chan struct{} // holds a signal when frame is new

	mu    sync.Mutex // over what follows, and over writing
	frame []string   // to be seen
	seen  []string   // what the terminal shows; nil: not known
	on    bool       // the alternate screen is on
}

// NewPainter returns a painter that writes to out once [Painter.KeepPainting] runs.
func NewPainter(out io.Writer) *Painter { return &Painter{out: out, fresh: make(chan struct{}, 1)} }

// Show queues a frame.
func (p *Painter) Show(frame string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frame = strings.Split(frame, "\n")
	p.signal()
}

func (p *Painter) signal() {
	select {
	case p.fresh <- struct{}{}:
	default:
	}
}

// Write takes what Bubble Tea writes: its frames are dropped, everything else is written to the terminal.
func (p *Painter) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.on && len(b) > len(ansi.CursorHomePosition) && bytes.HasPrefix(b, []byte(ansi.CursorHomePosition)) {
		return len(b), nil
	}
	switch string(b) {
	case ansi.SetModeAltScreenSaveCursor:
		p.on = true
	case ansi.ResetModeAltScreenSaveCursor:
		p.on = false
	case ansi.EraseEntireScreen:
	default:
		return p.out.Write(b)
	}
	p.seen = nil
	p.signal()
	return p.out.Write(b)
}

// KeepPainting paints until ctx ends.
func (p *Painter) KeepPainting(ctx context.Context) {
	for {
		select {
		case <-p.fresh:
		case <-ctx.Done():
			return
		}
		p.Paint()
		select {
		case <-time.After(time.Second / WritesPerSecond):
		case <-ctx.Done():
			return
		}
	}
}

// Paint brings the terminal up to date.
func (p *Painter) Paint() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.on {
		return
	}
	var b bytes.Buffer
	if len(p.seen) != len(p.frame) {
		p.seen = make([]string, len(p.frame))
		b.WriteString(ansi.EraseEntireScreen)
	}
	for i, line := range p.frame {
		if line != p.seen[i] {
			b.WriteString("\x1b[" + strconv.Itoa(i+1) + ";1H" + line)
		}
	}
	if p.seen = p.frame; b.Len() > 0 {
		_, _ = p.out.Write(b.Bytes())
	}
}

// Output is standard output behind a painter; to Bubble Tea it is still a terminal.
type Output struct {
	*os.File
	Painter *Painter
}

// Write gives the painter what Bubble Tea writes.
func (t Output) Write(b []byte) (int, error) { return t.Painter.Write(b) }

// WriteString is Write for a string.
func (t Output) WriteString(s string) (int, error) { return t.Painter.Write([]byte(s)) }

// Forget makes the next frame be painted whole.
func (p *Painter) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = nil
}

// WritesPerSecond is how often the terminal is written to, at most.
const WritesPerSecond = 30
