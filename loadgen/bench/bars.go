//go:build unix

package main

import (
	"fmt"
	"io"
	"math"
	"slices"
)

// bar is a figure of landfall with its upper limit.
type bar struct {
	what     string
	measured []float64 // one value per round
	format   string    // of a value, such as "%.2f"
	must     float64
	why      string // why it could not be measured
}

// met reports whether the median is within the limit.
func (b *bar) met() bool { return len(b.measured) > 0 && median(b.measured) <= b.must }

func (b *bar) line() string {
	switch {
	case b.why != "":
		return fmt.Sprintf("| %s | – | ≤ "+b.format+" | not measured: %s |", b.what, b.must, b.why)
	case b.met():
		return fmt.Sprintf("| %s | %s | ≤ "+b.format+" | met |", b.what, spread(b.measured, b.format), b.must)
	}
	return fmt.Sprintf("| %s | %s | ≤ "+b.format+" | **missed** |", b.what, spread(b.measured, b.format), b.must)
}

func writeBars(w io.Writer, bars []*bar) {
	fmt.Fprintln(w, "\n| what | landfall | must | |\n|---|---|---|---|")
	for _, b := range bars {
		fmt.Fprintln(w, b.line())
	}
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// barsOf returns the figures of landfall in the rows of the scenarios.
func barsOf(list []scenario, rows []*row, landfall string) (bars []*bar) {
	for _, sc := range list {
		i := slices.IndexFunc(rows, func(r *row) bool { return r.scenario == sc.name && r.tool == landfall })
		if i < 0 {
			continue
		}
		r := rows[i]
		cost := &bar{what: sc.name + ": CPU ÷ " + r.reference, measured: r.ratios, format: "%.2f", must: sc.must}
		if len(r.ratios) == 0 {
			cost.why = "none of " + fmt.Sprint(sc.references) + " is installed"
		}
		if r.failed != nil {
			cost.why = r.failed.Error()
		}
		bars = append(bars, cost)
		if sc.load.rate == 0 || len(r.rounds) == 0 {
			continue
		}
		var off, burst []float64
		for _, one := range r.rounds {
			off, burst = append(off, math.Abs(100*(one.requests/float64(r.rate)-1))), append(burst, one.burst)
		}
		bars = append(bars, &bar{what: sc.name + ": rate error, %", measured: off, format: "%.3f", must: 0.05},
			&bar{what: sc.name + ": variance ÷ mean of arrivals per ms", measured: burst, format: "%.2f", must: 1})
	}
	return bars
}
