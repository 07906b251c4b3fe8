package tui

import (
	"slices"
	"time"

	"landfall/node/fleet"
)

// sample is a copy of the visible part of the state.
type sample struct {
	now                       time.Time
	trouble                   error
	total, alive, late, lost  int
	left, matched, index, top int
	hidden                    int // drivers that left a while ago
	cursor                    string
	rows                      []driverRow
	selected                  *driverRow
	run                       *runView
	active                    string // id of the run that is going on
	events                    []fleet.Event
	eventCount                int
	runs                      []runRow
	ids                       []string // all that match
	longest                   int      // columns of the longest name
	trendTop                  float64  // the greatest value of the rows' trends
}

// runRow is one run in the history.
type runRow struct {
	id, target, by, kind string
	at                   time.Time
	phase                fleet.Phase
	drivers              int
	report               []byte
}

// take copies what q asks for. It holds the state's lock while it does, and no longer.
func take(c source, q query) sample {
	var s sample
	s.trouble = c.Connected()
	me := c.ID()
	c.View(func(st *fleet.State) {
		s.now = st.Now()
		s.takeDrivers(st, q)
		if r := st.Front(); r != nil {
			s.run = viewRun(st, r, q, me)
		}
		if r := st.Active(); r != nil {
			s.active = r.ID
		}
		s.takeEvents(st, q)
		if q.history {
			s.takeRuns(st)
		}
	})
	return s
}

// leftShown is how long a driver that left stays on the screen.
const leftShown = 30 * time.Second

func (s *sample) takeDrivers(st *fleet.State, q query) {
	all := st.Drivers()
	run := st.Front()
	match := make([]*fleet.Driver, 0, len(all))
	for _, d := range all {
		s.total++
		switch d.Liveness {
		case fleet.Alive:
			s.alive++
		case fleet.Late:
			s.late++
		case fleet.Lost:
			s.lost++
		case fleet.Left, fleet.Killed:
			s.left++
		}
		switch {
		case (d.Liveness == fleet.Left || d.Liveness == fleet.Killed) && s.now.Sub(d.SeenAt) > leftShown && !q.gone:
			s.hidden++
		case q.filter.matches(d):
			match = append(match, d)
		}
	}
	order(match, run, q.by, q.reversed)
	s.matched = len(match)
	s.ids = make([]string, len(match))
	for i, d := range match {
		s.ids[i] = d.NodeID
		s.longest = max(s.longest, width(d.NodeID))
	}
	s.place(q)
	for i := s.top; i < min(s.top+q.rows, len(match)); i++ {
		s.rows = append(s.rows, row(match[i], run, s.now, q.trend))
		for _, v := range s.rows[len(s.rows)-1].trend {
			if good(v) {
				s.trendTop = max(s.trendTop, 1.5*v) // an even line is not at the very top
			}
		}
	}
	if s.index < len(match) {
		one := row(match[s.index], run, s.now, 60)
		s.selected = &one
	}
}

// place finds the selected driver among those that match, and which rows to show so that it is among them.
func (s *sample) place(q query) {
	s.index = max(0, min(q.index, len(s.ids)-1))
	if !q.byIndex {
		if i := slices.Index(s.ids, q.cursor); i >= 0 {
			s.index = i
		}
	}
	if s.index < len(s.ids) {
		s.cursor = s.ids[s.index]
	}
	s.top = min(max(q.top, s.index-q.rows+1), s.index)
	s.top = max(0, min(s.top, len(s.ids)-q.rows))
}

func (s *sample) takeEvents(st *fleet.State, q query) {
	all := grouped(st.Events())
	s.eventCount = len(all)
	end := max(0, len(all)-max(0, min(q.eventTop, len(all)-q.events)))
	s.events = slices.Clone(all[max(0, end-q.events):end])
}

func (s *sample) takeRuns(st *fleet.State) {
	for _, r := range slices.Backward(st.Runs()) {
		s.runs = append(s.runs, runRow{
			id: r.ID, target: r.Spec.Target, by: r.By, kind: string(r.Spec.Kind), at: r.ConfigAt, phase: r.Phase, drivers: len(r.Drivers), report: r.Report,
		})
	}
}

// source is where a sample is taken from. View's argument runs under a lock and must neither change nor keep what it is given.
type source interface {
	ID() string
	View(func(*fleet.State))
	Connected() error
}
