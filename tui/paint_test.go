package tui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"landfall/tui/tuitest"
)

func TestPainter(t *testing.T) {
	var out bytes.Buffer
	p := newPainter(&out)
	paint := func() string {
		out.Reset()
		p.paint()
		return out.String()
	}
	p.show("one\ntwo")
	if got := paint(); got != "" {
		t.Errorf("painted outside of the alternate screen: %q", got)
	}
	io.WriteString(p, ansi.SetModeAltScreenSaveCursor)
	whole := ansi.EraseEntireScreen + "\x1b[1;1Hone\x1b[2;1Htwo"
	if got := paint(); got != whole {
		t.Errorf("the first frame is %q", got)
	}
	if got := paint(); got != "" {
		t.Errorf("the same frame is painted again: %q", got)
	}
	p.show("one\n2")
	if got := paint(); got != "\x1b[2;1H2" {
		t.Errorf("a changed line is %q", got)
	}
	p.show("one\ntwo")
	p.forget()
	if got := paint(); got != whole {
		t.Errorf("after a resize: %q", got)
	}
	out.Reset()
	io.WriteString(p, ansi.CursorHomePosition+"Bubble Tea's own frame")
	io.WriteString(p, ansi.HideCursor)
	if got := out.String(); got != ansi.HideCursor {
		t.Errorf("of what Bubble Tea writes %q goes on", got)
	}
	io.WriteString(p, ansi.EraseEntireScreen) // ctrl+l, and when it comes back after it was suspended
	if got := paint(); got != whole {
		t.Errorf("on a screen that was erased: %q", got)
	}
	io.WriteString(p, ansi.ResetModeAltScreenSaveCursor)
	p.show("three\nfour")
	if got := paint(); got != "" {
		t.Errorf("painted on the shell's screen: %q", got)
	}
}

// Whatever way Bubble Tea writes to the terminal goes by the painter.
func TestTerminalIsThePainters(t *testing.T) {
	var out bytes.Buffer
	x := terminal{nil, newPainter(&out)}
	io.WriteString(x, ansi.SetModeAltScreenSaveCursor)
	x.painter.show("one")
	x.painter.paint()
	x.Write([]byte(ansi.CursorHomePosition + "Bubble Tea's own frame"))
	if got, want := out.String(), ansi.SetModeAltScreenSaveCursor+ansi.EraseEntireScreen+"\x1b[1;1Hone"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Of a whole program, the frames on the terminal are the painter's alone, whatever Bubble Tea's renderer does.
func TestPaintedAlone(t *testing.T) {
	var out bytes.Buffer
	p := newPainter(&out)
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	m := inState(t, "running", 80, 24)
	m.conductor = &signalled{Conductor: m.conductor.(*tuitest.Conductor), changed: make(chan struct{}, 1)}
	go p.keepPainting(ctx)
	program := tea.NewProgram(&painted{model: m, painter: p}, tea.WithOutput(p), tea.WithInput(nil), tea.WithFPS(60), tea.WithAltScreen(), tea.WithContext(ctx), tea.WithoutSignalHandler())
	go func() {
		time.Sleep(200 * time.Millisecond)
		program.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("2")})
	}()
	_, _ = program.Run()
	p.mu.Lock()
	defer p.mu.Unlock()
	text := out.String()
	if n := strings.Count(text, "landfall"); n != 1 || !strings.Contains(text, "[2 Drivers]") {
		t.Errorf("the first line, which does not change, is painted %d times: %q", n, text)
	}
}
