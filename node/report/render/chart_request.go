package render

import (
	"cmp"
	"fmt"
	"slices"

	"landfall/node/figures"
	"landfall/node/report"
)

// lineClasses are the colors of a chart's lines.
var lineClasses = [...]string{"sent", "p99", "p95", "answered", "p50", "old"}

// requestCharts returns throughput and p99 of the most frequent requests; none if there are fewer than two, or if intervals have no parts.
func requestCharts(r *report.Report) []chart {
	names := slices.Clone(r.Named)
	slices.SortStableFunc(names, func(a, b report.Named) int { return cmp.Compare(b.Requests, a.Requests) })
	if len(names) < 2 || !slices.ContainsFunc(r.Intervals, func(in report.Interval) bool { return len(in.Parts) > 0 }) {
		return nil
	}
	var rates, latencies []curve
	for i, n := range names[:min(len(names), len(lineClasses))] {
		label := "request=" + n.Name
		rates = append(rates, over(r, n.Name, lineClasses[i], func(in *report.Interval) (float64, bool) {
			if in.RateRPS == nil || in.Coverage <= 0 {
				return 0, false
			}
			p, _ := partOf(in, label)
			return float64(p.Requests), true
		}))
		latencies = append(latencies, over(r, n.Name, lineClasses[i], func(in *report.Interval) (float64, bool) {
			p, ok := partOf(in, label)
			return float64(p.P99US), ok && p.P99US > 0
		}))
	}
	return []chart{
		plot(timeline(r, "Throughput by request", "requests per second"), countLabel, rates...),
		plot(timeline(r, "p99 by request", ""), microText, latencies...),
	}
}

func partOf(in *report.Interval, label string) (report.Part, bool) {
	i := slices.IndexFunc(in.Parts, func(p report.Part) bool { return p.Label == label })
	if i < 0 {
		return report.Part{}, false
	}
	return in.Parts[i], true
}

// capacityChart draws latency against rate for a search.
func capacityChart(r *report.Report) []chart {
	probes := r.Capacity.Curve()
	if len(probes) < 2 {
		return nil
	}
	p50, p99 := curve{name: "p50", class: "p50"}, curve{name: "p99", class: "p99"}
	for _, p := range probes {
		p50.points = append(p50.points, [2]float64{p.RateRPS, float64(p.P50US)})
		p99.points = append(p99.points, [2]float64{p.RateRPS, float64(p.P99US)})
	}
	most := probes[len(probes)-1].RateRPS
	at := func(rps float64) string { return fmt.Sprintf("%.1f", chartLeft+(chartRight-chartLeft)*rps/most) }
	c := chart{Title: "Latency by rate", Unit: "the marked rate is the highest that holds", Start: "0/s", End: figures.Rate(most)}
	if r.Capacity.RateRPS > 0 {
		c.Marks = []mark{{At: at(r.Capacity.RateRPS), Text: figures.Rate(r.Capacity.RateRPS) + " holds"}}
	}
	answered := curve{name: "answered", class: "answered"}
	failed := curve{name: "failed", class: "failed"}
	for _, p := range probes {
		answered.points = append(answered.points, [2]float64{p.RateRPS, p.Achieved})
		failed.points = append(failed.points, [2]float64{p.RateRPS, p.Achieved * p.Failed})
	}
	rates := chart{Title: "Answered by rate", Unit: "requests per second", Start: c.Start, End: c.End, Marks: c.Marks}
	return []chart{plot(c, microText, p50, p99), plot(rates, countLabel, answered, failed)}
}
