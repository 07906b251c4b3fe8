package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"landfall/node/figures"
	"landfall/node/report"
)

func writeDrivers(w io.Writer, r *report.Report, p pen, most int) {
	if len(r.Drivers) == 0 || len(r.Drivers) == 1 && r.Drivers[0].State == report.StateFinished {
		return // one driver's figures are the run's
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("driver").in(bold), left("host").in(dim), left("state").in(dim), right("requests").in(dim), right("failed").in(dim),
		right("p50").in(dim), right("p99").in(dim), right("max").in(dim))
	list := worstFirst(r.Drivers)
	for _, d := range list[:min(len(list), most)] {
		text, st := driverState(d)
		t.add(left(clean(d.NodeID, 32)), left(clean(d.Host, 24)), left(text).in(st), right(figures.Count(d.Requests)), tally(failedOf(d)),
			right(figures.Micros(d.Latency.P50)), right(figures.Micros(d.Latency.P99)), right(figures.Micros(d.Latency.Max)))
	}
	t.write(w, p)
	if more := len(list) - most; more > 0 {
		fmt.Fprintf(w, "  %s\n", p.paint(fmt.Sprintf("… and %d more", more), dim))
	}
}

// worstFirst keeps the order if all drivers fit, and otherwise moves those with problems to the front.
func worstFirst(drivers []report.Driver) []report.Driver {
	if len(drivers) <= driverLines {
		return drivers
	}
	list := slices.Clone(drivers)
	rank := func(d report.Driver) int {
		if d.State == report.StateFinished {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b report.Driver) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(failedOf(b), failedOf(a)), cmp.Compare(b.Latency.P99, a.Latency.P99))
	})
	return list
}

// failedOf returns the number of a driver's requests that failed: errors and unexpected responses.
func failedOf(d report.Driver) int64 { return d.Errors + d.Unexpected }

func driverState(d report.Driver) (string, style) {
	switch d.State {
	case report.StateFinished:
		return "✓ finished", good
	case report.StateLost:
		return "✖ lost", bad
	case report.StateRefused:
		return "✖ refused", bad
	}
	return "▲ " + clean(d.State, 10), warn
}
