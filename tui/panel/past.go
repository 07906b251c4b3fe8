package panel

import (
	"time"

	"landfall/node/capacity"
	"landfall/node/fleet"
	"landfall/node/report"
	"landfall/tui/sample"
)

// Past is a finished run: its figures and, once it was opened, its report and charts.
type Past struct {
	ID, Outcome string
	requests    int64
	failed      int64 // errors and unexpected responses
	rate, p99   float64
	trend       []float64
	Lasted      time.Duration
	Window      sample.Window
	Report      *report.Report
	capacity    *capacity.Certificate // of a capacity search; nil: it was none
}

// Summary returns a report's main figures without its intervals.
func Summary(id string, text []byte) Past {
	r, err := report.Summarize(text)
	if err != nil {
		return Past{ID: id, Outcome: "unreadable"}
	}
	p := Past{ID: id, Outcome: string(r.Outcome), requests: r.Requests, failed: r.Failed, rate: r.RateRPS, p99: float64(r.Latency.P99), trend: r.Trend, Lasted: time.Duration(r.DurationMS) * time.Millisecond}
	p.certify(r.Capacity)
	return p
}

// PastOf returns the run of a report, with its charts.
func PastOf(r *report.Report) Past {
	p := Past{
		ID: r.TestID, Outcome: string(r.Outcome), requests: r.Requests, failed: r.Failed, rate: r.RateRPS,
		p99: float64(r.Latency.P99), Lasted: time.Duration(r.DurationMS) * time.Millisecond, Report: r,
	}
	p.certify(r.Capacity)
	rates := make([]*float64, len(r.Intervals))
	for i, in := range r.Intervals {
		rates[i] = in.RateRPS
	}
	p.trend = report.Trend(rates)
	n := len(r.Intervals)
	for n > 1 && r.Intervals[n-1].RateRPS == nil { // the last, partial second is not drawn
		n--
	}
	p.Window = sample.NewWindow(0, n)
	p.Window.Run = WholeOf(r)
	p.Window.Warmup = int(r.Spec.Warmup.Std() / time.Second)
	p.Window.Heat = heatsOf(r.Intervals[:n])
	var events []fleet.Event
	for i, in := range r.Intervals[:n] {
		v := sample.Interval{
			At: i, P50: float64(in.P50US), P95: float64(in.P95US), P99: float64(in.P99US), Present: 1, Expects: 1,
		}
		if in.RateRPS != nil {
			v.Sent, v.Answered = *in.RateRPS, *in.RateRPS
		}
		if in.Requests > 0 {
			v.Answered = v.Sent * float64(in.Responses) / float64(in.Requests)
			v.Failed = v.Sent * float64(in.Errors+in.Unexpected) / float64(in.Requests)
		}
		if in.Coverage <= 0 || in.RateRPS == nil { // a part of a second has no rate to draw
			v.Present = 0
		} else if in.Coverage < 1 {
			v.Present, v.Expects = int64(in.Coverage*coverageParts), coverageParts
		}
		p.Window.Put(i, v)
		p.Window.Asked[i] = sample.AskedOf(in.AskedRPS, in.AskedRPS > 0)
		for _, e := range in.Events {
			events = append(events, fleet.Event{At: time.Unix(int64(i), 0), Kind: fleet.EventKind(e.Kind), NodeID: e.NodeID})
		}
	}
	p.Window.Marks = sample.MarksOf(events, time.Unix(0, 0), 0)
	return p
}

// coverageParts is the resolution of a report's coverage in charts: a report does not hold the number of drivers of a second.
const coverageParts = 1000

// WholeOf returns a report's figures for legends.
func WholeOf(r *report.Report) *sample.Overall {
	w := &sample.Overall{Asked: sample.AskedOf(r.AskedRateRPS, r.AskedRateRPS > 0), Sent: r.RateRPS, P50: float64(r.Latency.P50), P95: float64(r.Latency.P95), P99: float64(r.Latency.P99)}
	if r.Requests > 0 {
		w.Answered, w.Failed = r.RateRPS*float64(r.Responses)/float64(r.Requests), r.RateRPS*float64(r.Failed)/float64(r.Requests)
	}
	return w
}

// heatsOf returns the distributions of intervals; nil: none is known.
func heatsOf(list []report.Interval) (heats []fleet.Heat) {
	known := false
	heats = make([]fleet.Heat, len(list))
	for i := range list {
		heats[i], known = list[i].Spread.Heat(), known || list[i].Spread != nil
	}
	if !known {
		return nil
	}
	return heats
}
