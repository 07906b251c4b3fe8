package tui

import (
	"cmp"
	"landfall/node"
	"landfall/node/fleet"
	"slices"
	"sort"
	"strings"
	"time"
)

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

// fresh is 0 for a driver whose last words are too old to say how it does.
func (r driverRow) fresh() float64 {
	if r.live == fleet.Lost || r.gone() {
		return 0
	}
	return 1
}

// gone tells whether the driver is no longer there because it was meant to.
func (r driverRow) gone() bool { return r.live == fleet.Left || r.live == fleet.Killed }
