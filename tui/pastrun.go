package tui

import (
	"landfall/node/fleet"
	"landfall/node/report"
	"time"
)

// pastRun is what is known of a run that is over: its figures and, once it was opened, its report and charts.
type pastRun struct {
	id, outcome string
	requests    int64
	failed      int64 // errors and unexpected responses
	rate, p99   float64
	lasted      time.Duration
	window      window
	report      *report.Report
}

// summary reads a report's few figures without its intervals.
func summary(id string, text []byte) pastRun {
	r, err := report.Summarize(text)
	if err != nil {
		return pastRun{id: id, outcome: "unreadable"}
	}
	return pastRun{id: id, outcome: string(r.Outcome), requests: r.Requests, failed: r.Failed, rate: r.RateRPS, p99: float64(r.Latency.P99), lasted: time.Duration(r.DurationMS) * time.Millisecond}
}

func pastOf(r *report.Report) pastRun {
	p := pastRun{
		id: r.TestID, outcome: string(r.Outcome), requests: r.Requests, failed: r.Failed, rate: r.RateRPS,
		p99: float64(r.Latency.P99), lasted: time.Duration(r.DurationMS) * time.Millisecond, report: r,
	}
	n := len(r.Intervals)
	for n > 1 && r.Intervals[n-1].RateRPS == nil { // what came after the last whole second is no second to draw
		n--
	}
	p.window = newWindow(0, n)
	for i, in := range r.Intervals[:n] {
		v := interval{
			at: i, p50: float64(in.P50US), p95: float64(in.P95US), p99: float64(in.P99US), present: 1, expects: 1, failed: float64(in.Errors),
		}
		if in.RateRPS != nil {
			v.sent, v.answered = *in.RateRPS, *in.RateRPS
		}
		if in.Requests > 0 {
			v.answered = v.sent * float64(in.Responses) / float64(in.Requests)
		}
		if in.Coverage <= 0 || in.RateRPS == nil { // a part of a second has no rate to draw
			v.present = 0
		} else if in.Coverage < 1 {
			v.present, v.expects = 99, 100
		}
		p.window.put(i, v)
		p.window.asked[i] = askedOf(in.AskedRPS, in.AskedRPS > 0)
		for _, e := range in.Events {
			if m, worth := markOf(fleet.EventKind(e.Kind), e.NodeID); worth {
				m.at = i
				p.window.marks = append(p.window.marks, m)
			}
		}
	}
	return p
}
