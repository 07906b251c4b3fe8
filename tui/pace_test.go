package tui

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/style"
	"landfall/tui/tuitest"
)

// signalled is a scripted fleet that may be changed while a console displays it.
type signalled struct {
	*tuitest.Conductor
	mu      sync.Mutex
	changed chan struct{}
}

func (s *signalled) View(f func(*fleet.State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s.State)
}

func (s *signalled) Connected() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Trouble
}

func (s *signalled) Subscribe() (<-chan struct{}, func()) { return s.changed, func() {} }

// change changes the fleet and notifies the console.
func (s *signalled) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// coalesced runs a coalescer for a test, which can read how many messages it has sent so far.
func coalesced(t *testing.T, fps int, running bool, f func(s *signalled, sent func() int)) {
	synctest.Test(t, func(t *testing.T) {
		s := &signalled{Conductor: tuitest.New(), changed: make(chan struct{}, 1)}
		s.Drivers(3)
		if running {
			s.Configure("tsunami-7", 3)
			s.Start("tsunami-7", 3, "me")
		}
		ctx, cancel := context.WithCancel(t.Context())
		m := newModel(ctx, Config{Conductor: s, FPS: fps}, style.Must("none", false, termenv.Ascii))
		m.look()
		if running { // the first seconds of a run are redrawn continuously
			m.animating.Store(false)
		}
		n := 0
		var wg sync.WaitGroup
		wg.Go(func() { m.coalesce(ctx, func(tea.Msg) { n++ }) })
		time.Sleep(5 * time.Millisecond)
		synctest.Wait()
		f(s, func() int { synctest.Wait(); was := n; n = 0; return was })
		cancel()
		wg.Wait()
	})
}

// While no run is active, heartbeats are shown once a second; events are shown immediately.
func TestSteadyPace(t *testing.T) {
	coalesced(t, 0, false, func(s *signalled, sent func() int) {
		for range 100 {
			time.Sleep(100 * time.Millisecond)
			s.change(func() { s.Beat(1, node.Idle, "") })
		}
		if n := sent(); n < 9 || n > 11 {
			t.Errorf("%d messages in 10 s without news, want one a second", n)
		}
		time.Sleep(10 * time.Millisecond)
		sent()
		for _, happens := range []struct {
			what string
			do   func()
		}{
			{"a driver has joined", func() { s.Beat(7, node.Idle, "") }},
			{"the broker is gone", func() { s.Trouble = errors.New("gone") }},
			{"the broker is there again", func() { s.Trouble = nil }},
		} {
			s.change(happens.do)
			time.Sleep(lookEvery)
			if n := sent(); n != 1 {
				t.Errorf("%s: %d messages", happens.what, n)
			}
		}
	})
}

// During a run the charts advance with each complete second; other changes are shown at the configured rate.
func TestRunPace(t *testing.T) {
	for fps, want := range map[int]int{0: 10, 4: 4} {
		coalesced(t, fps, true, func(s *signalled, sent func() int) {
			for i := range 10 {
				for range 100 {
					time.Sleep(10 * time.Millisecond)
					s.change(func() { s.Beat(1, node.Running, "tsunami-7") })
				}
				before := sent()
				s.change(func() { s.Second("tsunami-7", i, 3, nil, 0) })
				time.Sleep(lookEvery)
				if n := sent(); n != 1 {
					t.Errorf("%d messages about second %d", n, i)
				}
				if before < want-1 || before > want+1 {
					t.Errorf("%d messages in a second of a run, want about %d", before, want)
				}
			}
		})
	}
}
