//go:build bench && unix

package tui

import (
	"context"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/tuitest"
)

// live is a scripted fleet that goes on in real time, beside the console.
type live struct {
	*tuitest.Conductor
	mu      sync.Mutex
	changed chan struct{}
}

func (l *live) View(f func(*fleet.State)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l.State)
}

func (l *live) Subscribe() (<-chan struct{}, func()) { return l.changed, func() {} }

// pass lets a second pass in ten parts, and tells how much CPU time the script itself took.
func (l *live) pass(i, n int, running bool) (own time.Duration) {
	for part := range 10 {
		began := cpu()
		l.mu.Lock()
		l.Clock = l.Clock.Add(100 * time.Millisecond)
		for d := part; d < n; d += 10 {
			if running {
				l.Beat(d, node.Running, "tsunami-7")
				l.Snapshot("tsunami-7", i, d, 0)
			} else {
				l.Beat(d, node.Idle, "")
			}
		}
		l.State.Tick(l.Clock)
		l.mu.Unlock()
		select {
		case l.changed <- struct{}{}:
		default:
		}
		own += cpu() - began
		time.Sleep(100 * time.Millisecond)
	}
	return own
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// counter counts what is written to the terminal.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) { c.n.Add(int64(len(p))); return len(p), nil }

// TestTUI prints what the console costs while it is shown, without what the scripted fleet does. Keys arrive all along.
func TestTUI(t *testing.T) {
	const seconds = 8
	for _, c := range []struct {
		name          string
		drivers, fps  int
		running, keys bool
	}{{"idle", 3, 20, false, false}, {"run, 9 drivers", 9, 20, true, false}, {"run, 9 drivers, 4 frames/s", 9, 4, true, false}, {"run, 1000 drivers", 1000, 20, true, true}} {
		f := tuitest.New()
		f.Drivers(c.drivers)
		if c.running {
			f.Configure("tsunami-7", c.drivers)
			f.Start("tsunami-7", c.drivers, "me")
		}
		l := &live{Conductor: f, changed: make(chan struct{}, 1)}
		ctx, cancel := context.WithCancel(context.Background())
		m := newModel(ctx, Config{Conductor: l}, mustStyles("dark", false, termenv.TrueColor))
		m.w, m.h = 120, 40
		out := &counter{}
		p := tea.NewProgram(m, tea.WithOutput(out), tea.WithInput(nil), tea.WithFPS(c.fps), tea.WithAltScreen(), tea.WithContext(ctx), tea.WithoutSignalHandler())
		var wg sync.WaitGroup
		wg.Go(func() { p.Run() })
		wg.Go(func() { m.coalesce(ctx, p.Send) })
		if c.keys {
			wg.Go(func() { typeOn(ctx, p) })
		}
		l.pass(0, c.drivers, c.running)
		began, bytes, own := cpu(), out.n.Load(), time.Duration(0)
		for i := 1; i <= seconds; i++ {
			own += l.pass(i, c.drivers, c.running)
		}
		used, written := cpu()-began-own, out.n.Load()-bytes
		cancel()
		wg.Wait()
		var mem runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&mem)
		t.Logf("%-28s CPU %4.1f %%  terminal %5.1f KB/s  heap %.1f MB", c.name, 100*used.Seconds()/seconds, float64(written)/seconds/1e3, float64(mem.HeapAlloc)/1e6)
	}
}

func typeOn(ctx context.Context, p *tea.Program) {
	for range 1000 {
		select {
		case <-ctx.Done():
			return
		case <-time.After(100 * time.Millisecond):
			p.Send(tea.KeyMsg{Type: tea.KeyDown})
		}
	}
}

// TestFirstFrame prints how long it takes from nothing to the first frame.
func TestFirstFrame(t *testing.T) {
	began := time.Now()
	m := console(tuitest.New(), 120, 40)
	if m.View() == "" {
		os.Exit(1)
	}
	t.Logf("first frame without a broker: %v", time.Since(began).Round(10*time.Microsecond))
}
