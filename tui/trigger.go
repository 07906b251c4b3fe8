package tui

import (
	"landfall/node/orchestrator"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// trigger starts a run, and shows it.
func (m *model) trigger(d draft) tea.Cmd {
	m.page = pageLive
	m.charts.reset()
	path := m.config.SpecPath
	start := m.start(d, func(m *model, id string) { m.say(id + " is triggered") })
	return func() tea.Msg {
		keepSpec(path, d.spec)
		return start()
	}
}

// start starts a run and says so then.
func (m *model) start(d draft, said func(m *model, id string)) tea.Cmd {
	c, ctx, what := m.conductor, m.ctx, "arming"
	m.sending = what
	return func() tea.Msg {
		id, err := c.Trigger(ctx, d.spec, d.sel)
		return doneMsg{what: what, err: err, then: func(m *model) tea.Cmd { said(m, id); return nil }}
	}
}

// firstRun starts the run that needs no key.
func (m *model) firstRun(r FirstRun) tea.Cmd {
	const shown = time.Minute
	d := draft{r.Spec, orchestrator.Selection{Count: r.Drivers, Wait: 20 * time.Second}}
	return m.start(d, func(m *model, _ string) { m.notice = notice{text: r.Says, until: m.clock().Add(shown)} })
}
