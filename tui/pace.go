package tui

import (
	"context"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/fleet"
	"landfall/tui/sample"
	"landfall/tui/terminal"
)

// How often the screen is redrawn. Keys and news are shown immediately.
const (
	looksPerSecond = 1                     // of Bubble Tea for a frame, which the painter has painted already
	calmEvery      = time.Second           // while no run is active: ages and clocks advance
	lookEvery      = 20 * time.Millisecond // between two looks for news, at least
)

// changedMsg announces that the state may have changed.
type changedMsg struct{}

// news is the part of the state that is shown immediately when it changes.
type news struct {
	event   fleet.Event // the newest
	trouble bool
	second  int // the newest whole second of the active run
}

func (m *model) news() (n news) {
	n.trouble = m.conductor.Connected() != nil
	m.conductor.View(func(st *fleet.State) {
		if all := st.Events(); len(all) > 0 {
			n.event = all[len(all)-1]
		}
		if r := st.Active(); r != nil {
			n.second = sample.Newest(r, sample.Whole(r, st.Now()))
		}
	})
	return n
}

// coalesce turns the state's changes, however many, into few messages: one for news, else one per pace.
func (m *model) coalesce(ctx context.Context, send func(tea.Msg)) {
	changed, cancel := m.conductor.Subscribe()
	defer cancel()
	sent, looked, had := time.Now(), time.Time{}, news{}
	timer := time.NewTimer(m.pace())
	defer timer.Stop()
	for {
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		now := time.Now()
		due := looked.Add(lookEvery)
		if !now.Before(due) {
			looked = now
			if n := m.news(); n != had || now.Sub(sent) >= m.pace() {
				had, sent = n, now
				send(changedMsg{})
			}
			due = sent.Add(m.pace())
		}
		timer.Reset(time.Until(due))
	}
}

// pace returns the interval between redraws without news.
func (m *model) pace() time.Duration {
	if m.calm.Load() && !m.hurry.Load() {
		return calmEvery
	}
	return time.Second / time.Duration(framesPerSecond(m.config.FPS))
}

func framesPerSecond(asked int) int {
	switch {
	case asked > 0:
		return min(asked, terminal.WritesPerSecond)
	case os.Getenv("SSH_CONNECTION") != "":
		return 4
	}
	return 10
}
