package tui

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/tui/terminal"
	"landfall/tui/tuitest"
)

// The frames on the terminal come from the painter only, whatever Bubble Tea's renderer does.
func TestPaintedAlone(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out := watchedBuffer{written: make(chan struct{}, 1)}
	p := terminal.NewPainter(&out)
	m := inState(t, "running", 80, 24)
	m.conductor = &signalled{Conductor: m.conductor.(*tuitest.Conductor), changed: make(chan struct{}, 1)}
	var done sync.WaitGroup
	done.Go(func() { p.KeepPainting(ctx) })
	program := tea.NewProgram(&painted{model: m, painter: p}, tea.WithOutput(p), tea.WithInput(nil), tea.WithFPS(60), tea.WithAltScreen(), tea.WithContext(ctx), tea.WithoutSignalHandler())
	done.Go(func() {
		program.Send(changedMsg{})
		out.await(ctx, "landfall")
		program.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("2")})
		out.await(ctx, "[2 Drivers]")
		program.Quit()
	})
	_, _ = program.Run()
	cancel()
	done.Wait()
	text := out.String()
	if n := strings.Count(text, "landfall"); n != 1 || !strings.Contains(text, "[2 Drivers]") {
		t.Errorf("the first line, which does not change, is painted %d times: %q", n, text)
	}
}

// watchedBuffer is a buffer that several goroutines write to and one waits for.
type watchedBuffer struct {
	mu      sync.Mutex
	b       bytes.Buffer
	written chan struct{}
}

func (w *watchedBuffer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.written <- struct{}{}:
	default:
	}
	return w.b.Write(p)
}

func (w *watchedBuffer) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// await waits until a text was written, or for the end of ctx.
func (w *watchedBuffer) await(ctx context.Context, text string) {
	for !strings.Contains(w.String(), text) {
		select {
		case <-w.written:
		case <-ctx.Done():
			return
		}
	}
}
