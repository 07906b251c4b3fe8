package render

import (
	"fmt"
	"math"
	"strings"

	"landfall/node/figures"
	"landfall/node/report"
)

// Edges of a chart's plot area, in SVG units.
const (
	chartLeft, chartRight = 76.0, 790.0
	chartTop, chartBottom = 10.0, 170.0
)

// chart is a diagram of one or more curves.
type chart struct {
	Title, Unit, Start, End string
	Warmup                  string // width of the shaded part; "": none
	Ticks                   []tick
	Marks                   []mark
	Lines                   []line
}

// tick is a place on an axis.
type tick struct {
	At   string
	Text string
}

// line is one curve. Gaps, in which nothing was measured, split it into parts.
type line struct {
	Name, Class string
	Parts       []string // points of an SVG polyline
}

// curve is the data of a line: points in the order of x, with NaN for y where there is no measurement.
type curve struct {
	name, class string
	points      [][2]float64
}

// niceTop returns the smallest number from v up whose quarters are round.
func niceTop(v float64) float64 {
	scale := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 2, 4, 6, 8} {
		if k*scale >= v {
			return k * scale
		}
	}
	return 10 * scale
}

// plot draws curves on axes from 0 to the greatest x and from 0 to a round number not below the greatest y; label formats a value of y.
func plot(c chart, label func(float64) string, curves ...curve) chart {
	far, most := 0.0, 4.0 // quarters of it are whole
	for _, curve := range curves {
		for _, p := range curve.points {
			far = max(far, p[0])
			if !math.IsNaN(p[1]) {
				most = max(most, p[1])
			}
		}
	}
	most = niceTop(most)
	x := func(v float64) float64 { return chartLeft + (chartRight-chartLeft)*min(max(v/max(far, 1), 0), 1) }
	y := func(v float64) float64 { return chartBottom - (chartBottom-chartTop)*v/most }
	for i := range 5 {
		v := most * float64(i) / 4
		c.Ticks = append(c.Ticks, tick{fmt.Sprintf("%.1f", y(v)), label(v)})
	}
	for _, curve := range curves {
		l := line{Name: curve.name, Class: curve.class}
		var part []string
		for _, p := range append(curve.points, [2]float64{0, math.NaN()}) {
			if !math.IsNaN(p[1]) {
				part = append(part, fmt.Sprintf("%.1f,%.1f", x(p[0]), y(p[1])))
			} else if len(part) > 0 {
				l.Parts, part = append(l.Parts, strings.Join(part, " ")), nil
			}
		}
		c.Lines = append(c.Lines, l)
	}
	return c
}

// over returns a curve over a run's intervals; of returns false where nothing was measured.
func over(r *report.Report, name, class string, of func(*report.Interval) (float64, bool)) curve {
	c := curve{name: name, class: class}
	for i := range r.Intervals {
		v, measured := of(&r.Intervals[i])
		if !measured {
			v = math.NaN()
		}
		c.points = append(c.points, [2]float64{float64(r.Intervals[i].AtMS), v})
	}
	return c
}

// answered returns the rate of responses in a whole interval.
func answered(in *report.Interval) (float64, bool) {
	switch {
	case in.Coverage <= 0 || in.RateRPS == nil:
		return 0, false
	case in.Requests == 0:
		return 0, true
	}
	return *in.RateRPS * float64(in.Responses) / float64(in.Requests), true
}

// failedIn returns the rate of failed requests in a whole interval.
func failedIn(in *report.Interval) (float64, bool) {
	switch {
	case in.Coverage <= 0 || in.RateRPS == nil:
		return 0, false
	case in.Requests == 0:
		return 0, true
	}
	return *in.RateRPS * float64(in.Errors+in.Unexpected) / float64(in.Requests), true
}

func askedIn(in *report.Interval) (float64, bool) { return in.AskedRPS, in.AskedRPS > 0 }

// latencyIn returns a percentile of an interval.
func latencyIn(of func(*report.Interval) int64) func(*report.Interval) (float64, bool) {
	return func(in *report.Interval) (float64, bool) { return float64(of(in)), in.P50US > 0 }
}

func p50In(in *report.Interval) int64 { return in.P50US }
func p95In(in *report.Interval) int64 { return in.P95US }
func p99In(in *report.Interval) int64 { return in.P99US }

func countLabel(v float64) string { return figures.Count(int64(v)) }

// timeline returns an empty chart of a run's time, with its warm-up shaded and a mark at each event.
func timeline(r *report.Report, title, unit string) chart {
	end := max(r.Intervals[len(r.Intervals)-1].AtMS, 1)
	c := chart{Title: title, Unit: unit, Start: "00:00", End: figures.ShortSecond(int(end / 1000))}
	width := func(ms int64) float64 {
		return (chartRight - chartLeft) * min(max(float64(ms)/float64(end), 0), 1)
	}
	if w := r.Spec.Warmup.Std().Milliseconds(); w > 0 {
		c.Warmup = fmt.Sprintf("%.1f", width(w))
	}
	c.Marks = marksOf(r, func(ms int64) float64 { return chartLeft + width(ms) })
	return c
}

// chartsOf returns throughput and latency over time, of the whole run and by request; none if the run has fewer than two intervals.
func chartsOf(r *report.Report) []chart {
	if len(r.Intervals) < 2 {
		return nil
	}
	charts := []chart{
		plot(timeline(r, "Throughput", "per second"), countLabel, throughput(r)...),
		plot(timeline(r, "Latency over time", ""), microText, latencies(r)...),
	}
	return append(append(charts, userCharts(r)...), requestCharts(r)...)
}
