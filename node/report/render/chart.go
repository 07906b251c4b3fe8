package render

import (
	"fmt"
	"strings"

	"landfall/node/figures"
	"landfall/node/report"
)

// The plane of a chart in its own units: a line is drawn between these edges.
const (
	chartLeft, chartRight = 60.0, 790.0
	chartTop, chartBottom = 10.0, 170.0
)

// chart is a picture of one or more series over the run's intervals.
type chart struct {
	Title, Unit, End string
	Ticks, Marks     []tick
	Lines            []line
}

// tick is a place on an axis.
type tick struct {
	At   string
	Text string
}

// line is one series: parts of it are parted by gaps, in which nothing was measured.
type line struct {
	Name, Class string
	Parts       []string // points of an SVG polyline
}

// series is what a line is drawn from.
type series struct {
	name, class string
	of          func(report.Interval) float64
}

// chartsOf are throughput and latency over time; none for a run that has not two intervals.
func chartsOf(r *report.Report) []chart {
	if len(r.Intervals) < 2 {
		return nil
	}
	return []chart{
		chartOf(r, "Throughput", "responses per second", func(v float64) string { return figures.Count(int64(v)) },
			func(in report.Interval) bool { return in.Coverage > 0 && in.RateRPS != nil },
			series{"responses", "a", answered}),
		chartOf(r, "Latency over time", "", func(v float64) string { return figures.Micros(int64(v)) },
			func(in report.Interval) bool { return in.P50US > 0 },
			series{"p50", "a", func(in report.Interval) float64 { return float64(in.P50US) }},
			series{"p95", "c", func(in report.Interval) float64 { return float64(in.P95US) }},
			series{"p99", "b", func(in report.Interval) float64 { return float64(in.P99US) }}),
	}
}

// answered is the rate of responses in a whole interval.
func answered(in report.Interval) float64 {
	if in.Requests == 0 || in.RateRPS == nil {
		return 0
	}
	return *in.RateRPS * float64(in.Responses) / float64(in.Requests)
}

func chartOf(r *report.Report, title, unit string, label func(float64) string, measured func(report.Interval) bool, all ...series) chart {
	most := 1.0
	for _, in := range r.Intervals {
		for _, s := range all {
			most = max(most, s.of(in))
		}
	}
	end := max(r.Intervals[len(r.Intervals)-1].AtMS, 1)
	x := func(ms int64) float64 {
		return chartLeft + (chartRight-chartLeft)*min(max(float64(ms)/float64(end), 0), 1)
	}
	y := func(v float64) float64 { return chartBottom - (chartBottom-chartTop)*v/most }
	c := chart{Title: title, Unit: unit, End: figures.Lasted(end)}
	for i := range 5 {
		v := most * float64(i) / 4
		c.Ticks = append(c.Ticks, tick{fmt.Sprintf("%.1f", y(v)), label(v)})
	}
	for _, e := range notableEvents(r) {
		c.Marks = append(c.Marks, tick{fmt.Sprintf("%.1f", x(e.AtMS)), figures.Clock(e.AtMS) + " " + e.Text})
	}
	for _, s := range all {
		l := line{Name: s.name, Class: s.class}
		var points []string
		flush := func() {
			if len(points) > 0 {
				l.Parts = append(l.Parts, strings.Join(points, " "))
			}
			points = nil
		}
		for _, in := range r.Intervals {
			if !measured(in) {
				flush()
				continue
			}
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(in.AtMS), y(s.of(in))))
		}
		flush()
		c.Lines = append(c.Lines, l)
	}
	return c
}
