package tui

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"landfall/node"
	"landfall/node/fleet"
)

// query is what of the state is to be seen.
type query struct {
	driverQuery
	span     int    // seconds of the run; 0: all
	only     string // the driver whose charts are drawn; "": the fleet's
	events   int    // how many fit
	eventTop int    // how many newer ones are below
	history  bool
	heat     int // columns of the heat map; 0: it is not seen
}

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

// driverRow is one driver as the table shows it.
type driverRow struct {
	id, host, version, labels, os, note, testID string
	live                                        fleet.Liveness
	state                                       node.DriverState
	age                                         time.Duration
	rate, p99, cpu, cores                       float64
	failed, requests, rss                       int64
	offsetUS, withinUS                          int64
	outbox                                      int
	allow                                       []string
	maxRate                                     float64
	maxConnections                              int
	maxDuration                                 time.Duration
	trend                                       []float64
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
func take(c Conductor, q query) sample {
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

func row(d *fleet.Driver, run *fleet.Run, now time.Time, trend int) driverRow {
	h := &d.Heartbeat
	r := driverRow{
		id: d.NodeID, host: d.Host, version: d.Version, labels: labelText(d.Labels), os: d.OS, note: h.Note, testID: h.TestID,
		live: d.Liveness, state: h.State, age: now.Sub(d.SeenAt), rate: h.RateRPS, p99: float64(h.P99US), cpu: h.CPU, cores: d.Cores,
		failed: h.Failed, requests: h.Requests, rss: h.RSSBytes, offsetUS: h.OffsetUS, withinUS: h.WithinUS, outbox: h.OutboxLen,
		allow: d.AllowTargets, maxRate: d.MaxRateRPS, maxConnections: d.MaxConnections, maxDuration: time.Duration(d.MaxDurationUS) * time.Microsecond,
	}
	r.allow = slices.Clone(r.allow)
	if run != nil {
		if c := run.Drivers[d.NodeID]; c != nil {
			r.trend = trendOf(c, whole64(run, now)-trend, trend)
			r.requests, r.failed = c.Total.Requests, failedOf(run, d)
		}
	}
	return r
}

// failedOf is how many of a driver's requests failed, in the run if it carries a share of it: errors and unexpected responses.
func failedOf(run *fleet.Run, d *fleet.Driver) int64 {
	if run == nil || run.Drivers[d.NodeID] == nil {
		return d.Heartbeat.Failed
	}
	t := &run.Drivers[d.NodeID].Total
	return t.Requests - t.Responses + t.Unexpected
}

// trendOf is a driver's requests per second in n intervals from one on.
func trendOf(c *fleet.Carrier, from, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = gap
		if p := pointAt(c, from+i); p != nil {
			out[i] = float64(p.Requests)
		}
	}
	return out
}

func pointAt(c *fleet.Carrier, interval int) *fleet.Point {
	i := interval - c.FirstPoint
	if i < 0 || i >= len(c.Points) || !c.Points[i].Present {
		return nil
	}
	return &c.Points[i]
}

func labelText(labels map[string]string) string {
	if len(labels) == 0 {
		return ""
	}
	list := make([]string, 0, len(labels))
	for k, v := range labels {
		list = append(list, k+"="+v)
	}
	sort.Strings(list)
	return strings.Join(list, " ")
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

// column is one of the driver table's.
type column int

const (
	byName column = iota
	byHost
	byState
	byAge
	byRate
	byP99
	byCPU
	byFailed
	byLabels
	byVersion
	columns
)

var columnNames = [columns]string{"name", "host", "state", "age", "rate", "p99", "CPU", "failed", "labels", "version"}

// order sorts drivers; equal ones by their names. Figures begin with the highest.
func order(list []*fleet.Driver, run *fleet.Run, by column, reversed bool) {
	labels := map[*fleet.Driver]string{}
	if by == byLabels {
		for _, d := range list {
			labels[d] = labelText(d.Labels)
		}
	}
	compare := map[column]func(a, b *fleet.Driver) int{
		byName:    func(a, b *fleet.Driver) int { return natural(a.NodeID, b.NodeID) },
		byHost:    func(a, b *fleet.Driver) int { return natural(a.Host, b.Host) },
		byState:   func(a, b *fleet.Driver) int { return cmp.Compare(rank(a), rank(b)) },
		byAge:     func(a, b *fleet.Driver) int { return a.SeenAt.Compare(b.SeenAt) },
		byRate:    func(a, b *fleet.Driver) int { return cmp.Compare(b.Heartbeat.RateRPS, a.Heartbeat.RateRPS) },
		byP99:     func(a, b *fleet.Driver) int { return cmp.Compare(b.Heartbeat.P99US, a.Heartbeat.P99US) },
		byCPU:     func(a, b *fleet.Driver) int { return cmp.Compare(b.Heartbeat.CPU, a.Heartbeat.CPU) },
		byFailed:  func(a, b *fleet.Driver) int { return cmp.Compare(failedOf(run, b), failedOf(run, a)) },
		byLabels:  func(a, b *fleet.Driver) int { return strings.Compare(labels[a], labels[b]) },
		byVersion: func(a, b *fleet.Driver) int { return strings.Compare(a.Version, b.Version) },
	}[by]
	slices.SortFunc(list, func(a, b *fleet.Driver) int {
		d := compare(a, b)
		if reversed {
			d = -d
		}
		lost := cmp.Compare(lostFirst(a), lostFirst(b))
		if by != byName && by != byHost {
			lost = 0
		}
		return cmp.Or(lost, d, natural(a.NodeID, b.NodeID))
	})
}

// lostFirst puts lost drivers before the others where names decide.
func lostFirst(d *fleet.Driver) int {
	if d.Liveness == fleet.Lost {
		return 0
	}
	return 1
}

// rank puts what needs attention first.
func rank(d *fleet.Driver) int {
	return map[fleet.Liveness]int{fleet.Lost: 0, fleet.Late: 1, fleet.Alive: 2, fleet.Killed: 3, fleet.Left: 4}[d.Liveness]
}

// filter is what the operator typed after /: words that all must be found, label=value, and ! before what must not be.
type filter string

func (f filter) matches(d *fleet.Driver) bool {
	if f == "" {
		return true
	}
	for word := range strings.FieldsSeq(string(f)) {
		word, not := strings.CutPrefix(word, "!")
		if word != "" && f.finds(d, word) == not {
			return false
		}
	}
	return true
}

func (f filter) finds(d *fleet.Driver, word string) bool {
	if label, value, ok := strings.Cut(word, "="); ok {
		have, is := d.Labels[label]
		return is && strings.Contains(strings.ToLower(have), strings.ToLower(value))
	}
	word = strings.ToLower(word)
	for _, text := range []string{d.NodeID, d.Host, string(d.Heartbeat.State), string(d.Liveness), d.Version} {
		if strings.Contains(strings.ToLower(text), word) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(labelText(d.Labels)), word)
}
