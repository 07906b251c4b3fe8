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

// Redraw intervals. Keys and news are shown immediately.
const (
	looksPerSecond = 1                     // how often Bubble Tea requests a frame, which the painter has painted already
	idleEvery      = time.Second           // while no run is active: ages and clocks advance
	lookEvery      = 20 * time.Millisecond // minimum interval between checks for news
)

// changedMsg announces that the state may have changed.
type changedMsg struct{}

// news is the part of the state that is shown immediately when it changes.
type news struct {
	event   fleet.Event // the newest
	trouble bool
	second  int // the newest complete second of the active run
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

// coalesce merges state changes into few messages: one for news, otherwise one per interval.
func (m *model) coalesce(ctx context.Context, send func(tea.Msg)) {
	changed, cancel := m.conductor.Subscribe()
	defer cancel()
	sent, lastCheck, shown := time.Now(), time.Time{}, news{}
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
		due := lastCheck.Add(lookEvery)
		if !now.Before(due) {
			lastCheck = now
			if n := m.news(); n != shown || now.Sub(sent) >= m.pace() {
				shown, sent = n, now
				send(changedMsg{})
			}
			due = sent.Add(m.pace())
		}
		timer.Reset(time.Until(due))
	}
}

// pace returns the interval between redraws without news.
func (m *model) pace() time.Duration {
	if m.idle.Load() && !m.animating.Load() {
		return idleEvery
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
