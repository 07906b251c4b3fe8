package tui

import (
	"errors"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/fleet"
	"landfall/node/report"
	"landfall/tui/keys"
	"landfall/tui/panel"
	"landfall/tui/sample"
)

// pastMsg delivers runs that were read in the background.
type pastMsg struct {
	list  []panel.Past
	pick  bool        // its only run is the selected one
	last  bool        // its only run is the last one before this console was started
	open  bool        // show its only run
	base  bool        // its only run is the baseline
	ended *panel.Past // the shown run, with its charts
	err   error
}

// readPast reads the figures of the runs that the history shows or filters, each once.
func (m *model) readPast() tea.Cmd {
	const most = 20
	var read []func() panel.Past
	runs := m.Sample.Runs[max(0, m.history.At-m.BodyH()):min(len(m.Sample.Runs), m.history.At+m.BodyH())]
	if m.page == keys.PageHistory && m.history.Filter != "" { // the filter may contain an outcome
		runs = m.history.All
	}
	for _, r := range runs {
		if len(read) == most {
			break
		}
		if _, known := m.history.Past[r.ID]; !known && r.Over() {
			m.history.Past[r.ID] = panel.Past{ID: r.ID}
			read = append(read, m.summaryReader(r))
		}
	}
	if len(read) == 0 {
		return nil
	}
	return func() tea.Msg {
		var list []panel.Past
		for _, one := range read {
			list = append(list, one())
		}
		return pastMsg{list: list}
	}
}

// summaryReader returns a function that reads the figures of a run in the history.
func (m *model) summaryReader(r sample.Listed) func() panel.Past {
	if r.Report != nil {
		return func() panel.Past { return panel.Summary(r.ID, r.Report) }
	}
	read := m.reportReader(r.ID)
	return func() panel.Past {
		rep, err := read()
		if err != nil {
			return panel.Past{ID: r.ID, Outcome: "unreadable"}
		}
		return panel.PastOf(rep)
	}
}

// readLast reads the newest report once, if no run is active, so that a new console shows the last run.
func (m *model) readLast() tea.Cmd {
	c := &m.charts
	if c.Last && (m.Sample.Run != nil || c.Shown == nil) { // there is a newer run, or the operator went back
		if m.Sample.Run != nil && c.Shown != nil {
			c.Shown = nil
		}
		c.Last = false
	}
	if m.Sample.Reading { // the newest run may not be known yet
		return nil
	}
	if m.Sample.Run != nil || m.sending != "" {
		m.history.Began = true
	}
	newest := slices.IndexFunc(m.Sample.Runs, func(r sample.Listed) bool { return r.Report != nil })
	if m.history.Began || newest < 0 {
		return nil
	}
	m.history.Began = true
	text := m.Sample.Runs[newest].Report
	return func() tea.Msg {
		rep, err := report.Parse(text)
		if err != nil {
			return nil
		}
		return pastMsg{list: []panel.Past{panel.PastOf(rep)}, last: true}
	}
}

// readSelected reads the report of the selected run for the preview below the list.
func (m *model) readSelected() tea.Cmd {
	r := m.history.Selected(&m.Sample)
	if r == nil || !r.Over() || m.history.Asked == r.ID {
		return nil
	}
	m.history.Asked = r.ID
	id, read := r.ID, m.reportReader(r.ID)
	return func() tea.Msg {
		rep, err := read()
		if err != nil {
			return pastMsg{list: []panel.Past{{ID: id, Outcome: "unreadable"}}}
		}
		return pastMsg{list: []panel.Past{panel.PastOf(rep)}, pick: true}
	}
}

// readOutcome reads the outcome of the shown run, once: from its report or, if none was stored, from its snapshots.
func (m *model) readOutcome() tea.Cmd {
	r := m.Sample.Run
	if r == nil || r.Report == nil && r.Phase != fleet.Finished {
		return nil
	}
	judged := fmt.Sprint(r.ID, r.Report != nil)
	if m.history.Judged == judged {
		return nil
	}
	m.history.Judged = judged
	read := m.reportReader(r.ID)
	return func() tea.Msg {
		rep, err := read()
		if err != nil {
			return pastMsg{list: []panel.Past{{ID: r.ID, Outcome: "unreadable"}}}
		}
		ended, kept := endedOf(rep)
		return pastMsg{list: []panel.Past{kept}, ended: &ended}
	}
}

// readReport reads a run's report in the background, to be shown or, with base, drawn behind others.
func (m *model) readReport(id string, base bool) tea.Cmd {
	read := m.reportReader(id)
	return func() tea.Msg {
		r, err := read()
		if err != nil {
			return pastMsg{err: err}
		}
		return pastMsg{list: []panel.Past{panel.PastOf(r)}, open: !base, base: base}
	}
}

// withReports reads runs' reports in the background and passes them to then.
func (m *model) withReports(ids []string, then func(*model, []*report.Report) tea.Cmd) tea.Cmd {
	var readers []func() (*report.Report, error)
	for _, id := range ids {
		readers = append(readers, m.reportReader(id))
	}
	return func() tea.Msg {
		var list []*report.Report
		for _, read := range readers {
			r, err := read()
			if err != nil {
				return pastMsg{err: err}
			}
			list = append(list, r)
		}
		return doneMsg{then: func(m *model) tea.Cmd { return then(m, list) }}
	}
}

// reportReader returns a function that reads a run's report: the stored one or, without one, a report of what is known so far.
func (m *model) reportReader(id string) func() (*report.Report, error) {
	c, version := m.conductor, m.config.Version
	return func() (r *report.Report, err error) {
		var text []byte
		err = fmt.Errorf("%s: no such run", id)
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
			return report.ParseOf(id, text)
		}
		return r, err
	}
}

func (m *model) gotPast(msg pastMsg) {
	if msg.err != nil {
		m.complain(msg.err.Error())
		return
	}
	if msg.ended != nil {
		m.history.Ended = msg.ended
	}
	for _, p := range msg.list {
		if msg.pick && p.ID != m.history.Asked {
			continue // another run was selected meanwhile
		}
		r := p.Report
		kept := p
		kept.Window = sample.Window{}
		if r == nil || r.Intervals != nil { // a full report; only its figures are kept
			kept.Report = m.history.Past[p.ID].Report
		}
		m.history.Past[p.ID] = kept
		switch {
		case msg.pick:
			m.history.Picked = &p
		case msg.last:
			if m.Sample.Run == nil && m.charts.Shown == nil {
				m.charts.Shown, m.charts.Last = &p, true
			}
		case msg.base:
			m.charts.Base = &p
			m.say("baseline: later runs are drawn over " + p.ID)
		case msg.open && r != nil:
			m.open(newReportPage(m, &p))
		}
	}
}
