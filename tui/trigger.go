package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/orchestrator"
	"landfall/tui/files"
	"landfall/tui/form"
	"landfall/tui/keys"
)

// trigger starts a run, and shows it.
func (m *model) trigger(d form.Draft) tea.Cmd {
	m.page = keys.PageLive
	m.charts.Reset()
	path := m.config.SpecPath
	start := m.start(d, func(m *model, id string) { m.say(id + " is triggered") })
	return func() tea.Msg {
		files.Keep(path, d.Spec)
		return start()
	}
}

// start starts a run and says so then.
func (m *model) start(d form.Draft, said func(m *model, id string)) tea.Cmd {
	c, ctx, what := m.conductor, m.ctx, "arming"
	m.sending = what
	return func() tea.Msg {
		id, err := c.Trigger(ctx, d.Spec, d.Sel)
		return doneMsg{what: what, err: err, then: func(m *model) tea.Cmd { said(m, id); return nil }}
	}
}

// firstRun starts the run that needs no key.
func (m *model) firstRun(r FirstRun) tea.Cmd {
	const shown = time.Minute
	d := form.Draft{Spec: r.Spec, Sel: orchestrator.Selection{Count: r.Drivers, Wait: 20 * time.Second}}
	return m.start(d, func(m *model, _ string) { m.notice = notice{text: r.Says, until: m.clock().Add(shown)} })
}
