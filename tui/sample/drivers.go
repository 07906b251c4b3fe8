package sample

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"landfall/node"
	"landfall/node/fleet"
)

// Driver is one driver as the table shows it.
type Driver struct {
	ID, Host, Version, Labels, Os, Note, testID string
	Live                                        fleet.Liveness
	State                                       node.DriverState
	Age                                         time.Duration
	Rate, P99, Cpu, Cores                       float64
	Failed, Requests, Rss                       int64
	OffsetUS, WithinUS                          int64
	Outbox                                      int
	Allow                                       []string
	MaxRate                                     float64
	MaxConnections                              int
	MaxDuration                                 time.Duration
	Trend                                       []float64
	NoShare                                     bool // it waits while others execute a run
}

func row(d *fleet.Driver, run *fleet.Run, now time.Time, trend int, p99 bool) Driver {
	h := &d.Heartbeat
	r := Driver{
		ID: d.NodeID, Host: d.Host, Version: d.Version, Labels: LabelText(d.Labels), Os: d.OS, Note: h.Note, testID: h.TestID,
		Live: d.Liveness, State: h.State, Age: now.Sub(d.SeenAt), Rate: h.RateRPS, P99: float64(h.P99US), Cpu: h.CPU, Cores: d.Cores,
		Failed: h.Failed, Requests: h.Requests, Rss: h.RSSBytes, OffsetUS: h.OffsetUS, WithinUS: h.WithinUS, Outbox: h.OutboxLen,
		Allow: d.AllowTargets, MaxRate: d.MaxRateRPS, MaxConnections: d.MaxConnections, MaxDuration: time.Duration(d.MaxDurationUS) * time.Microsecond,
	}
	r.Allow, r.NoShare = slices.Clone(r.Allow), noShare(d, run)
	if run != nil {
		if c := run.Drivers[d.NodeID]; c != nil {
			r.Trend = trendOf(c, drawn(run, now)-trend, trend, p99, untilOf(run).Seconds())
			r.Requests, r.Failed = c.Total.Requests, failedOf(run, d)
		}
	}
	return r
}

// failedOf returns how many of a driver's requests failed, in the run if it has a share of it: errors and unexpected responses.
func failedOf(run *fleet.Run, d *fleet.Driver) int64 {
	if run == nil || run.Drivers[d.NodeID] == nil {
		return d.Heartbeat.Failed
	}
	t := &run.Drivers[d.NodeID].Total
	return t.Requests - t.Responses + t.Unexpected
}

// trendOf returns a driver's requests per second, or its p99, in n intervals from one on; until is the planned end of the run in seconds, 0:
// none.
func trendOf(c *fleet.Carrier, from, n int, p99 bool, until float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = Gap
		if p := pointAt(c, from+i); p != nil {
			out[i] = Interval{Sent: float64(p.Requests)}.scaled(lengthOf(from+i, until)).Sent
			if p99 {
				out[i] = float64(p.P99US)
			}
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

// LabelText formats labels as name=value, sorted.
func LabelText(labels map[string]string) string {
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

// labelsLength returns the length of the output of [LabelText].
func labelsLength(labels map[string]string) (n int) {
	for name, value := range labels {
		n += len(name) + len("=") + len(value) + len(" ")
	}
	return max(0, n-1)
}

// Column is a column of the driver table.
type Column int

const (
	ByName Column = iota
	ByHost
	ByState
	ByAge
	ByRate
	ByP99
	ByCPU
	ByFailed
	ByLabels
	ByVersion
	Columns
)

// ColumnNames are the columns' names, in their order.
var ColumnNames = [Columns]string{"name", "host", "state", "age", "rate", "p99", "CPU", "failed", "labels", "version"}

// order sorts drivers, and equal ones by name. Numbers are in descending order.
func order(list []*fleet.Driver, run *fleet.Run, by Column, reversed bool) {
	labels := map[*fleet.Driver]string{}
	if by == ByLabels {
		for _, d := range list {
			labels[d] = LabelText(d.Labels)
		}
	}
	compare := map[Column]func(a, b *fleet.Driver) int{
		ByName:    func(a, b *fleet.Driver) int { return Natural(a.NodeID, b.NodeID) },
		ByHost:    func(a, b *fleet.Driver) int { return Natural(a.Host, b.Host) },
		ByState:   func(a, b *fleet.Driver) int { return cmp.Compare(rank(a), rank(b)) },
		ByAge:     func(a, b *fleet.Driver) int { return a.SeenAt.Compare(b.SeenAt) },
		ByRate:    func(a, b *fleet.Driver) int { return cmp.Compare(b.Heartbeat.RateRPS, a.Heartbeat.RateRPS) },
		ByP99:     func(a, b *fleet.Driver) int { return cmp.Compare(b.Heartbeat.P99US, a.Heartbeat.P99US) },
		ByCPU:     func(a, b *fleet.Driver) int { return cmp.Compare(b.Heartbeat.CPU, a.Heartbeat.CPU) },
		ByFailed:  func(a, b *fleet.Driver) int { return cmp.Compare(failedOf(run, b), failedOf(run, a)) },
		ByLabels:  func(a, b *fleet.Driver) int { return strings.Compare(labels[a], labels[b]) },
		ByVersion: func(a, b *fleet.Driver) int { return strings.Compare(a.Version, b.Version) },
	}[by]
	slices.SortFunc(list, func(a, b *fleet.Driver) int {
		d := compare(a, b)
		if reversed {
			d = -d
		}
		lost := cmp.Compare(lostFirst(a, run), lostFirst(b, run))
		if by != ByName && by != ByHost {
			lost = 0
		}
		return cmp.Or(lost, d, Natural(a.NodeID, b.NodeID))
	})
}

// lostFirst puts lost drivers first when sorting by name, and those without a share of the active run last.
func lostFirst(d *fleet.Driver, run *fleet.Run) int {
	switch {
	case d.Liveness == fleet.Lost:
		return 0
	case noShare(d, run):
		return 2
	}
	return 1
}

// noShare reports whether a driver waits while others execute a run: it came back, or joined later.
func noShare(d *fleet.Driver, run *fleet.Run) bool {
	if run == nil || !run.Active() || d.Liveness != fleet.Alive || d.Heartbeat.State != node.Idle && d.Heartbeat.State != node.Armed {
		return false
	}
	c := run.Drivers[d.NodeID]
	return c == nil || c.LostAt > 0 || c.Released
}

// rank returns the order of states: those that need attention first.
func rank(d *fleet.Driver) int {
	return map[fleet.Liveness]int{fleet.Lost: 0, fleet.Late: 1, fleet.Alive: 2, fleet.Killed: 3, fleet.Left: 4}[d.Liveness]
}

// Fresh returns 0 for a driver whose last heartbeat is too old to be meaningful.
func (r Driver) Fresh() float64 {
	if r.Live == fleet.Lost || r.Gone() {
		return 0
	}
	return 1
}

// Sends reports whether the driver executes a run, so that its rate is known even if it is 0.
func (r Driver) Sends() bool { return r.Live == fleet.Alive && r.State == node.Running }

// Gone reports whether the driver has left as intended.
func (r Driver) Gone() bool { return r.Live == fleet.Left || r.Live == fleet.Killed }
