//go:build unix

package main

import (
	"fmt"
	"html"
	"io"
	"path/filepath"
	"slices"
)

const (
	plotWidth  = 860
	plotLabels = 140 // width of the tools' names
	plotBars   = 560 // width of the longest bar
	plotLine   = 18
)

// writePlot draws the CPU costs as SVG: a bar for the median of each tool, and a line from its lowest to its highest round. Each scenario
// has its own scale.
func writePlot(w io.Writer, rows []*row) {
	var body []byte
	y, last := 24, ""
	for _, r := range rows {
		costs := costsOf(r)
		if len(costs) == 0 {
			continue
		}
		if r.scenario != last {
			y, last = y+14, r.scenario
			body = fmt.Appendf(body, `<text class="head" x="8" y="%d">%s</text>`+"\n", y, html.EscapeString(r.scenario))
			y += plotLine
		}
		body = append(body, r.bar(costs, y, plotBars/highestCost(rows, r.scenario))...)
		y += plotLine
	}
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="12">
<style>svg{background:#fff} text{fill:#222} .head{font-weight:bold} .bar{fill:#9db4c8} .ours{fill:#0072b2} .spread{stroke:#222}</style>
<text x="8" y="16">CPU µs per request: median of the rounds, with minimum and maximum. Shorter is better.</text>
%[3]s</svg>
`, plotWidth, y+8, body)
}

func costsOf(r *row) (costs []float64) {
	for _, one := range r.rounds {
		costs = append(costs, one.cpu)
	}
	return costs
}

// highestCost returns the highest cost in a scenario.
func highestCost(rows []*row, scenario string) (highest float64) {
	for _, r := range rows {
		if r.scenario == scenario {
			highest = max(highest, slices.Max(append(costsOf(r), 0)))
		}
	}
	return highest
}

func (r *row) bar(costs []float64, y int, scale float64) string {
	class, tool := "bar", filepath.Base(r.tool)
	if tool == "landfall" {
		class = "ours"
	}
	middle := median(costs)
	at := func(cost float64) float64 { return plotLabels + cost*scale }
	return fmt.Sprintf(`<text x="%d" y="%d" text-anchor="end">%s</text><rect class="%s" x="%d" y="%d" width="%.1f" height="%d"/>`+
		`<line class="spread" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/><text x="%.1f" y="%d">%.2f</text>`+"\n",
		plotLabels-8, y, html.EscapeString(tool), class, plotLabels, y-11, middle*scale, plotLine-5,
		at(slices.Min(costs)), at(slices.Max(costs)), y-5, y-5, at(slices.Max(costs))+8, y, middle)
}
