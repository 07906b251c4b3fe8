package tui

import (
	"errors"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/fleet"
	"landfall/node/report"
)

// pastMsg brings runs that were read in the background.
type pastMsg struct {
	list []pastRun
	pick bool // the one in it is the selected one
	last bool // and this one the last before this console was started
	open bool // the one in it is to be shown
	base bool // and this one is the baseline
	err  error
}

// readPast reads the figures of the runs that the history shows, each once.
func (m *model) readPast() tea.Cmd {
	const most = 20
	var texts [][]byte
	var ids []string
	for i := max(0, m.history.at-m.bodyH()); i < min(len(m.s.runs), m.history.at+m.bodyH()) && len(ids) < most; i++ {
		r := m.s.runs[i]
		if _, known := m.history.past[r.id]; !known && r.report != nil {
			m.history.past[r.id] = pastRun{id: r.id}
			ids, texts = append(ids, r.id), append(texts, r.report)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return func() tea.Msg {
		var list []pastRun
		for i, text := range texts {
			list = append(list, summary(ids[i], text))
		}
		return pastMsg{list: list}
	}
}

// readLast reads the newest run's report if no run is there to look at, once: a console that is started when nothing is going
// on begins with what was last.
func (m *model) readLast() tea.Cmd {
	c := &m.charts
	if c.last && (m.s.run != nil || c.shown == nil) { // something newer, or the operator went back
		if m.s.run != nil && c.shown != nil {
			c.shown = nil
		}
		c.last = false
	}
	if m.s.run != nil || m.sending != "" {
		m.history.began = true
	}
	if m.history.began || len(m.s.runs) == 0 || m.s.runs[0].report == nil {
		return nil
	}
	m.history.began = true
	text := m.s.runs[0].report
	return func() tea.Msg {
		rep, err := report.Parse(text)
		if err != nil {
			return nil
		}
		return pastMsg{list: []pastRun{pastOf(rep)}, last: true}
	}
}

// readSelected reads the report of the selected run, for what is shown of it below the list.
func (m *model) readSelected() tea.Cmd {
	r := m.history.selected(&m.s)
	if r == nil || r.report == nil || m.history.asked == r.id {
		return nil
	}
	m.history.asked = r.id
	id, text := r.id, r.report
	return func() tea.Msg {
		rep, err := report.Parse(text)
		if err != nil {
			return pastMsg{list: []pastRun{{id: id, outcome: "unreadable"}}}
		}
		return pastMsg{list: []pastRun{pastOf(rep)}, pick: true}
	}
}

// readOutcome reads how the run that is looked at has ended, once.
func (m *model) readOutcome() tea.Cmd {
	r := m.s.run
	if r == nil || r.report == nil {
		return nil
	}
	if m.history.judged == r.id {
		return nil
	}
	m.history.judged = r.id
	return func() tea.Msg {
		rep, err := report.Parse(r.report)
		if err != nil {
			return pastMsg{list: []pastRun{{id: r.id, outcome: "unreadable"}}}
		}
		past := pastOf(rep)
		rep.Intervals, rep.Drivers, past.window = nil, nil, window{} // the live charts have them
		return pastMsg{list: []pastRun{past}}
	}
}

// readReport reads a run's report in the background: the one that was written or, without one, what is known so far.
func (m *model) readReport(id string, base bool) tea.Cmd {
	c, version := m.conductor, m.config.Version
	return func() tea.Msg {
		var text []byte
		var r *report.Report
		err := fmt.Errorf("%s: no such run", id)
		c.View(func(st *fleet.State) {
			switch run := st.Run(id); {
			case run == nil:
			case run.Report != nil:
				text, err = run.Report, nil
			case run.T0.IsZero():
				err = errors.New(id + " was never started")
			default:
				r, err = report.Build(run, c.Now(), version), nil
			}
		})
		if err == nil && r == nil {
			r, err = report.ParseOf(id, text)
		}
		if err != nil {
			return pastMsg{err: err}
		}
		return pastMsg{list: []pastRun{pastOf(r)}, open: !base, base: base}
	}
}

func (m *model) gotPast(msg pastMsg) {
	if msg.err != nil {
		m.complain(msg.err.Error())
		return
	}
	for _, p := range msg.list {
		if msg.pick && p.id != m.history.asked {
			continue // another one was selected meanwhile
		}
		r := p.report
		kept := p
		kept.window = window{}
		if r == nil || r.Intervals != nil { // no digest, which is kept
			kept.report = m.history.past[p.id].report
		}
		m.history.past[p.id] = kept
		switch {
		case msg.pick:
			m.history.picked = &p
		case msg.last:
			if m.s.run == nil && m.charts.shown == nil {
				m.charts.shown, m.charts.last = &p, true
			}
		case msg.base:
			m.charts.base = &p
			m.say("later runs are drawn over " + p.id)
		case msg.open && r != nil:
			m.open(newReportPage(m, &p))
		}
	}
}
