package tui

import (
	"bytes"
	"context"
	"landfall/tui/terminal"
	"landfall/tui/tuitest"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// Of a whole program, the frames on the terminal are the painter's alone, whatever Bubble Tea's renderer does.
func TestPaintedAlone(t *testing.T) {
	var out lockedBuffer
	p := terminal.NewPainter(&out)
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	m := inState(t, "running", 80, 24)
	m.conductor = &signalled{Conductor: m.conductor.(*tuitest.Conductor), changed: make(chan struct{}, 1)}
	go p.KeepPainting(ctx)
	program := tea.NewProgram(&painted{model: m, painter: p}, tea.WithOutput(p), tea.WithInput(nil), tea.WithFPS(60), tea.WithAltScreen(), tea.WithContext(ctx), tea.WithoutSignalHandler())
	go func() {
		time.Sleep(200 * time.Millisecond)
		program.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("2")})
	}()
	_, _ = program.Run()
	text := out.String()
	if n := strings.Count(text, "landfall"); n != 1 || !strings.Contains(text, "[2 Drivers]") {
		t.Errorf("the first line, which does not change, is painted %d times: %q", n, text)
	}
}

// lockedBuffer is a buffer that several goroutines write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
