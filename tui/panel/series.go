package panel

import (
	"slices"

	"landfall/tui/chart"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// throughput returns the series of the upper chart. Responses and failures are areas; the line of what was sent appears where it differs from them.
func (p *Charts) throughput(st *style.Sheet, w sample.Window) (list []chart.Series) {
	var run sample.Overall
	if w.Run != nil {
		run = *w.Run
	}
	list = append(list, chart.Series{Name: "answered", Whole: run.Answered, Pen: st.Answered, Values: w.Answered, Shape: chart.Area, Ramp: st.AnsweredRamp, Sign: style.SignAnswered})
	if hasMore(w.Failed) {
		list = append(list, chart.Series{Name: "failed", Whole: run.Failed, Pen: st.Bad, Values: w.Failed, Shape: chart.Area, Blocks: true, Over: st.FailedOver, Sign: style.SignFailed})
	}
	if p.Base != nil && w.Only == "" {
		list = append(list, chart.Series{Name: "base", Pen: st.Faint, Values: shift(p.Base.Window.Sent, w.From, len(w.Sent)), Plain: chart.Dotted, Behind: true, Exact: true, Sign: style.SignBase})
	}
	asked := chart.Series{Name: "asked", Whole: run.Asked, Pen: st.Asked, Values: w.Asked, Shape: chart.Dashed, Plain: chart.Dashed, Exact: true, Sign: style.SignAsked}
	sent := chart.Series{Name: "sent", Whole: run.Sent, Pen: st.Sent, Values: w.Sent, Near: highest(w.Answered, w.Failed), Layer: 1, Sign: style.SignSent}
	if hasValue(w.Asked) {
		return append(list, sent, asked)
	}
	return append(list, sent)
}

// highest returns the higher of each two values, or the known one.
func highest(a, b []float64) []float64 {
	out := slices.Clone(a)
	for i := range min(len(a), len(b)) {
		if !chart.Good(a[i]) || b[i] > a[i] {
			out[i] = b[i]
		}
	}
	return out
}

// latency returns the series of the lower chart.
func (p *Charts) latency(st *style.Sheet, w sample.Window) (list []chart.Series) {
	var run sample.Overall
	if w.Run != nil {
		run = *w.Run
	}
	if st.Color { // without colours, an area is p99 itself
		below := w.P95
		if !hasValue(below) { // single drivers report no p95
			below = w.P50
		}
		list = append(list, chart.Series{Pen: st.P99, Values: w.P99, Shape: chart.Area, Ramp: st.P99Ramp, Floor: below, Sign: style.SignBand})
		if hasValue(w.P95) {
			list = append(list, chart.Series{Pen: st.P95, Values: w.P95, Shape: chart.Area, Ramp: st.P95Ramp, Floor: w.P50, Sign: style.SignBand})
		}
	}
	if p.Base != nil && w.Only == "" {
		list = append(list, chart.Series{Name: "base p99", Pen: st.Faint, Values: shift(p.Base.Window.P99, w.From, len(w.P99)), Plain: chart.Dotted, Behind: true, Exact: true, Sign: style.SignBase})
	}
	list = append(list, chart.Series{Name: "p50", Whole: known(run.P50), Pen: st.P50, Values: w.P50, Layer: 2, Sign: style.SignP50})
	if hasValue(w.P95) {
		list = append(list, chart.Series{Name: "p95", Whole: known(run.P95), Pen: st.P95, Values: w.P95, Plain: chart.Dotted, Sign: style.SignP95})
	}
	return append(list, chart.Series{Name: "p99", Whole: known(run.P99), Pen: st.P99, Values: w.P99, Plain: chart.Area, Floor: w.P50, Layer: 1, Sign: style.SignP99})
}

// known returns a latency of the whole run, or a gap if there were no responses.
func known(us float64) float64 {
	if us == 0 {
		return sample.Gap
	}
	return us
}

// hasMore reports whether a value is above zero.
func hasMore(values []float64) bool {
	return slices.ContainsFunc(values, func(v float64) bool { return chart.Good(v) && v > 0 })
}

func hasValue(values []float64) bool { return slices.ContainsFunc(values, chart.Good) }

// shift returns n values of another run from its second on.
func shift(values []float64, from, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = sample.Gap
		if j := from + i; j >= 0 && j < len(values) {
			out[i] = values[j]
		}
	}
	return out
}
