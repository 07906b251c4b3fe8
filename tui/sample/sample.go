package sample

import (
	"slices"
	"time"

	"landfall/node/fleet"
	"landfall/tui/chart"
	"landfall/tui/style"
)

// Sample is a copy of the visible part of the state.
type Sample struct {
	Now                       time.Time
	Trouble                   error
	Reading                   bool // old records are still being read
	Total, Alive, Late, Lost  int
	Left, Matched, Index, Top int
	Hidden                    int // number of hidden drivers, which left a while ago
	Cursor                    string
	Rows                      []Driver
	Selected                  *Driver
	Run                       *Run
	Active                    string        // id of the active run
	Events                    []fleet.Event // the visible ones, the newest last
	Event                     fleet.Event   // the selected event
	EventAt, EventAbove       int           // numbers of the selected and of the lowest visible event, counted from the newest
	EventCount                int           // matching events; a group counts as one
	EventMatched, EventTotal  int           // matching events, and all, each counted individually
	Runs                      []Listed
	Ids                       []string // all that match
	Longest                   int      // columns of the longest name
	LongestLabels             int      // bytes of the longest labels, as written
	TrendTop                  float64  // the highest value of the rows' trends
}

// Listed is a run in the history.
type Listed struct {
	ID, Name, Target, By, Kind string
	At                         time.Time
	Phase                      fleet.Phase
	drivers                    int
	Why                        string // why it was stopped, or not started
	Report                     []byte
}

// Over reports whether the run was executed and has ended, with a report or without.
func (r *Listed) Over() bool { return r.Report != nil || r.Phase == fleet.Finished }

// Take copies what q selects. It holds the state's lock no longer than that.
func Take(c Source, q Query) Sample {
	var s Sample
	s.Trouble = c.Connected()
	me := c.ID()
	c.View(func(st *fleet.State) {
		s.Now, s.Reading = st.Now(), st.Reading()
		s.takeDrivers(st, q)
		if r := st.Front(); r != nil {
			s.Run = viewRun(st, r, q, me)
		}
		if r := st.Active(); r != nil {
			s.Active = r.ID
		}
		s.takeEvents(st, q.EventQuery)
		if q.History {
			s.takeRuns(st)
		}
	})
	return s
}

// leftShown is how long a driver that left remains visible.
const leftShown = 30 * time.Second

func (s *Sample) takeDrivers(st *fleet.State, q Query) {
	all := st.Drivers()
	run := st.Front()
	match := make([]*fleet.Driver, 0, len(all))
	for _, d := range all {
		s.Total++
		switch d.Liveness {
		case fleet.Alive:
			s.Alive++
		case fleet.Late:
			s.Late++
		case fleet.Lost:
			s.Lost++
		case fleet.Left, fleet.Killed:
			s.Left++
		}
		switch {
		case (d.Liveness == fleet.Left || d.Liveness == fleet.Killed) && s.Now.Sub(d.SeenAt) > leftShown && !q.Gone:
			s.Hidden++
		case q.Filter.Matches(d):
			match = append(match, d)
		}
	}
	order(match, run, q.By, q.Reversed)
	s.Matched = len(match)
	s.Ids = make([]string, len(match))
	for i, d := range match {
		s.Ids[i] = d.NodeID
		s.Longest, s.LongestLabels = max(s.Longest, style.Width(d.NodeID)), max(s.LongestLabels, labelsLength(d.Labels))
	}
	s.place(q)
	for i := s.Top; i < min(s.Top+q.Rows, len(match)); i++ {
		s.Rows = append(s.Rows, row(match[i], run, s.Now, q.Trend, q.TrendP99))
		for _, v := range s.Rows[len(s.Rows)-1].Trend {
			if chart.Good(v) {
				s.TrendTop = max(s.TrendTop, 1.5*v) // keep a constant line below the top
			}
		}
	}
	if s.Index < len(match) {
		one := row(match[s.Index], run, s.Now, 60, q.TrendP99)
		s.Selected = &one
	}
}

// place finds the selected driver among the matching ones, and selects the visible rows around it.
func (s *Sample) place(q Query) {
	s.Index = max(0, min(q.Index, len(s.Ids)-1))
	if !q.ByIndex {
		if i := slices.Index(s.Ids, q.Cursor); i >= 0 {
			s.Index = i
		}
	}
	if s.Index < len(s.Ids) {
		s.Cursor = s.Ids[s.Index]
	}
	s.Top = min(max(q.Top, s.Index-q.Rows+1), s.Index)
	s.Top = max(0, min(s.Top, len(s.Ids)-q.Rows))
}

func (s *Sample) takeRuns(st *fleet.State) {
	for _, r := range slices.Backward(st.Runs()) {
		s.Runs = append(s.Runs, Listed{
			ID: r.ID, Name: r.Spec.Name, Target: r.Spec.Target, By: r.By, Kind: string(r.Spec.Kind), At: r.ConfigAt, Phase: r.Phase, drivers: len(r.Drivers), Why: r.StopWhy, Report: r.Report,
		})
	}
}

// Source provides the state. View calls its argument while holding a lock; the argument must neither change nor keep the state.
type Source interface {
	ID() string
	View(func(*fleet.State))
	Connected() error
}
