package report

import (
	"maps"
	"slices"
	"strings"
	"time"

	"landfall/loadgen/condition"
	"landfall/node/findings"
	"landfall/node/fleet"
)

// addFindings adds the findings. A capacity search overloads its target on purpose.
func (r *Report) addFindings(run *fleet.Run, now time.Time) {
	r.Findings = []findings.Finding{}
	if run.Spec.Capacity == nil && r.Requests > 0 {
		r.Findings = findings.Find(r.evidence(run, now))
	}
}

// evidence returns the input of the rules.
func (r *Report) evidence(run *fleet.Run, now time.Time) findings.Run {
	e := findings.Run{
		Start: run.Warmup(), Kind: run.Spec.Kind, KeepAlive: !run.Spec.NoKeepalive && !run.Spec.HTTP2 && len(run.Spec.Scenarios) == 0, Connects: run.Total.Connects, Total: r.Requests,
		Responses: r.Responses, Unknown: r.Unknown, RateRPS: r.RateRPS, AskedRPS: r.AskedRateRPS, Service: run.Service, Handshake: run.Handshake,
		Limited: r.Generator.Limited, LimitedSeconds: r.Generator.LimitedSeconds, Reasons: r.Generator.Grouped(),
	}
	to := min(WholeSeconds(run, now), run.Intervals.Len())
	for i := e.Start; i < to; i++ {
		e.Seconds = append(e.Seconds, secondOf(run, i))
	}
	for _, d := range r.Drivers {
		e.Drivers = append(e.Drivers, findings.Member{Name: d.NodeID, Requests: d.Requests, Failed: d.Errors + d.Unexpected, P50US: d.Latency.P50, P99US: d.Latency.P99})
	}
	for _, n := range r.Named {
		e.Requests = append(e.Requests, findings.Member{Name: n.Name, Requests: n.Requests, Failed: n.Errors + n.Unexpected, P50US: n.Latency.P50, P99US: n.Latency.P99,
			Seconds: secondsOf(run, condition.Label{Name: "request", Value: n.Name}, e.Seconds)})
	}
	e.Connections = connections(run)
	e.Labels = labelMembers(run, to)
	return e
}

// connections returns how many connections the drivers need if none is closed: each the most of any plan, since drivers that take over a
// share open more.
func connections(run *fleet.Run) (n int) {
	most := map[string]int{}
	for i := range run.Plans {
		for _, s := range run.Plans[i].Shares {
			n += max(s.Connections-most[s.NodeID], 0)
			most[s.NodeID] = max(most[s.NodeID], s.Connections)
		}
	}
	return n
}

func secondOf(run *fleet.Run, n int) findings.Second {
	in := run.Intervals.At(n)
	asked, _ := run.Asked(n)
	return findings.Second{
		Requests: in.Delta.Requests, Responses: in.Delta.Responses, Unexpected: in.Delta.Unexpected, Dropped: in.Delta.Dropped, Errors: in.Delta.Errors,
		Asked: asked, P50US: in.P50US, P99US: in.P99US, InFlight: in.InFlight, Open: in.Open, Users: in.Users, Whole: in.Present >= in.Expected,
	}
}

// secondsOf returns the seconds of the whole run with the latencies of one part.
func secondsOf(run *fleet.Run, part condition.Label, all []findings.Second) []findings.Second {
	list := slices.Clone(all)
	for i := range list {
		list[i].P50US, list[i].P99US = 0, 0
		if p := run.Intervals.At(run.Warmup() + i).Parts[part]; p != nil {
			list[i].P50US, list[i].P99US = p.P50US, p.P99US
		}
	}
	return list
}

// labelMembers returns the drivers' labels, each with the totals of its drivers.
func labelMembers(run *fleet.Run, to int) (list []findings.Member) {
	labels := map[condition.Label]bool{}
	for _, c := range run.Drivers {
		for _, l := range c.Labels {
			labels[l] = true
		}
	}
	for _, l := range slices.SortedFunc(maps.Keys(labels), func(a, b condition.Label) int { return strings.Compare(a.Name+a.Value, b.Name+b.Value) }) {
		f, ok := run.Series().Between(l, run.Warmup(), to)
		if !ok || f.Latency == nil {
			continue
		}
		list = append(list, findings.Member{Name: strings.TrimPrefix(l.Name, "label.") + "=" + l.Value, Requests: f.Requests, Failed: f.Errors() + f.Unexpected,
			P50US: f.Latency.Quantile(.5), P99US: f.Latency.Quantile(.99)})
	}
	return list
}

// CheckTargetCount compares the run with counted, the growth of the target's own request counter during the run.
func (r *Report) CheckTargetCount(counted int64) {
	r.TargetCount = &counted
	found := findings.Find(findings.Run{Total: r.Requests, Responses: r.Responses, Unknown: r.Unknown + r.Retried, Counted: &counted}) // a target may have seen a retried request twice
	r.Findings = append(found, r.Findings...)
}
