package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"landfall/loadgen/hdr"
)

// figure is one line of the table. bar is its upper limit; 0: none.
type figure struct {
	what       string
	value, bar float64
	unit       string
	more       string // further details
}

func (f figure) missed() bool { return f.bar > 0 && f.value > f.bar }

func (f figure) String() string {
	bar := ""
	if f.bar > 0 {
		bar = fmt.Sprintf("≤ %g", f.bar)
	}
	return fmt.Sprintf("| %s | %.4g %s | %s | %s |", f.what, f.value, f.unit, bar, f.more)
}

// figures returns the measurements with their limits, which are those of a thousand drivers.
func (r *result) figures() []figure {
	list := []figure{
		delay("heartbeat sent → folded", r.heartbeat, 50),
		delay("end of interval → snapshot folded", r.metrics, 300),
		{what: "orchestrator, of a core", value: 100 * r.orchestrator.share, bar: 15, unit: "%"},
		{what: "embedded broker, of a core", value: 100 * r.broker.share, bar: 35, unit: "%"},
		{what: "all drivers together, of a core", value: 100 * r.simulated.share, unit: "%"},
	}
	if r.tails > 0 {
		list = append(list, delay("trigger written → read by every driver", r.trigger, 0))
	}
	for _, who := range []struct {
		name string
		usage
	}{{"orchestrator", r.orchestrator}, {"embedded broker", r.broker}} {
		if f, ok := who.flat(); ok {
			f.what = who.name + ": " + f.what
			list = append(list, f)
		}
	}
	return list
}

func delay(what string, h *hdr.Histogram, bar float64) figure {
	ms := func(us int64) float64 { return float64(us) / 1e3 }
	return figure{what: what + ", p99", value: ms(h.Quantile(0.99)), bar: bar, unit: "ms", more: fmt.Sprintf("p50 %.4g, max %.4g", ms(h.Quantile(0.5)), ms(h.Max()))}
}

// flatGrowth is the growth that still counts as flat: the garbage collector's rhythm stays below it.
const flatGrowth = 1.1

// flat returns the resident memory of the last minute divided by that of the second (caches and topics fill
// in the first), each a median; false: the run was too short.
func (u usage) flat() (figure, bool) {
	minutes := u.minutes()
	if len(minutes) < 4 {
		return figure{}, false
	}
	return figure{what: "memory, last minute ÷ second", value: float64(minutes[len(minutes)-1]) / float64(minutes[1]),
		bar: flatGrowth, more: byMinute(minutes)}, true
}

// minutes returns the median of resident memory in each minute.
func (u usage) minutes() (list []int64) {
	for minute := range slices.Chunk(u.resident, int(time.Minute/watchEvery)) {
		list = append(list, median(minute))
	}
	return list
}

func byMinute(bytes []int64) string {
	text := "by minute"
	for _, b := range bytes {
		text += fmt.Sprintf(" %d", b>>20)
	}
	return text + " MiB"
}

// String returns the table of figures.
func (r *result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d cores, %d drivers (%d of them read trigger and test_config), %v, %d records (%.0f a second), %d lost, %d twice\n\n",
		runtime.NumCPU(), r.drivers, r.tails, r.lasted.Round(time.Second), r.records, float64(r.records)/r.lasted.Seconds(), r.lost, r.repeated)
	b.WriteString("| figure | measured | bar | |\n|---|---|---|---|\n")
	for _, f := range r.figures() {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}
