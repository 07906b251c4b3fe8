package progress

import (
	"errors"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
)

var t0 = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func aRun() *fleet.Run {
	return &fleet.Run{
		ID: "tsunami-1", Phase: fleet.Started, T0: t0, Spec: loadgen.Spec{Kind: loadgen.Tsunami},
		Plans:   []node.Plan{{UntilUS: 10e6}},
		Total:   loadgen.Counts{Requests: 12345, Responses: 12300, Dropped: 7, Unexpected: 2},
		Drivers: map[string]*fleet.Carrier{"a": {}, "b": {LostAt: time.Second}},
		Intervals: fleet.IntervalsOf(
			&fleet.Interval{Delta: loadgen.Counts{Requests: 1000}, Asked: 1000, Expected: 2, Present: 2, P50US: 900, P99US: 12_345},
			&fleet.Interval{Delta: loadgen.Counts{Requests: 10}, Expected: 2, Present: 1},
		),
	}
}

func TestDescribe(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fleet.Run)
		at     time.Duration
		want   string
	}{
		"before its start": {func(r *fleet.Run) { r.T0 = time.Time{} }, 0, "tsunami-1  asking the drivers"},
		"about to start":   {func(*fleet.Run) {}, -300 * time.Millisecond, "tsunami-1  starts in 0.3s"},
		"under way":        {func(*fleet.Run) {}, 4 * time.Second, "tsunami-1  00:04/00:10  1,000/s of 1,000  12,345 requests  45 errors  2 unexpected  7 dropped  p50 900µs  p99 12.3ms  1 of 2 drivers"},
		"draining":         {func(r *fleet.Run) { r.Phase, r.Intervals = fleet.Draining, fleet.Intervals{} }, 12 * time.Second, "tsunami-1  00:10/00:10  0/s  12,345 requests  45 errors  2 unexpected  7 dropped  1 of 2 drivers  draining"},
		"by number": {func(r *fleet.Run) {
			r.Plans, r.Spec.Count, r.Total = nil, 20_000, loadgen.Counts{Requests: 5000, Responses: 5000}
		}, 61 * time.Second,
			"tsunami-1  01:01 25%  1,000/s of 1,000  5,000 requests  p50 900µs  p99 12.3ms  1 of 2 drivers"},
	} {
		t.Run(name, func(t *testing.T) {
			r := aRun()
			c.change(r)
			if got := describe(r, t0.Add(c.at)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

type source struct{ err error }

func (s source) View(f func(*fleet.State)) { f(fleet.New()) }
func (s source) Connected() error          { return s.err }

func TestLineOnATerminal(t *testing.T) {
	var out strings.Builder
	l := &Line{Out: &out, Terminal: true, Width: 30, Source: source{errors.New("\x1b[2J gone")}}
	l.draw(l.text("tsunami-1"))
	l.wipe()
	l.wipe()
	const erase = "\r\x1b[2K"
	if got, want := out.String(), erase+"tsunami-1  Kafka is unreacha…"+erase; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if text := l.text("tsunami-1"); strings.Contains(text, "\x1b") {
		t.Errorf("an escape sequence got through: %q", text)
	}
}

func TestOverviewOfNothing(t *testing.T) {
	var out strings.Builder
	Overview(&out, fleet.New())
	if got := out.String(); !strings.HasPrefix(got, "0 drivers alive of 0 known\nno run is active\n") {
		t.Errorf("%s", got)
	}
}
