// Package terminal writes the changed lines of frames to a terminal, and restores the terminal if the program crashes.
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

// Painter writes frames to a terminal: only the lines that changed, immediately, but at most [WritesPerSecond] times a second. Bubble
// Tea's own renderer polls for frames, which either delays the effect of keys or dominates the cost of an idle console. Therefore it
// only sets the terminal's modes, and its frames are dropped.
type Painter struct {
	out   io.Writer
	fresh chan struct{} // holds a signal when frame is new

	mu    sync.Mutex // guards the fields below, and writing
	frame []string   // the frame to show
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

// Write drops the frames that Bubble Tea writes, and writes everything else to the terminal.
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

// Paint writes the lines that have changed since the last call.
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

// Output is standard output through a painter. Bubble Tea still recognizes it as a terminal.
type Output struct {
	*os.File
	Painter *Painter
}

// Write passes b to the painter.
func (t Output) Write(b []byte) (int, error) { return t.Painter.Write(b) }

// WriteString is like Write.
func (t Output) WriteString(s string) (int, error) { return t.Painter.Write([]byte(s)) }

// Forget makes the painter write all lines of the next frame.
func (p *Painter) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = nil
}

// WritesPerSecond is the maximum number of writes to the terminal per second.
const WritesPerSecond = 30
