package findings

import (
	"fmt"
	"math"

	"landfall/loadgen"
	"landfall/node/figures"
)

// saturation: for some seconds fewer requests are answered than are due, at a steady rate, while latency is
// far above its earlier level.
func saturation(r Run) *Finding {
	const least = 5 // seconds
	from, to := longest(r.Seconds, func(s Second) bool {
		return s.Asked > 0 && s.Whole && (float64(s.Responses) < .95*s.Asked || s.Dropped > 0)
	})
	if to-from < least {
		return nil
	}
	answered := median(r.Seconds[from:to], func(s Second) float64 { return float64(s.Responses) })
	spread := median(r.Seconds[from:to], func(s Second) float64 { return math.Abs(float64(s.Responses) - answered) })
	before, during := median(r.Seconds[:from], p50), median(r.Seconds[from+(to-from)/2:to], p50)
	if from == 0 && r.allBusy() || answered == 0 || spread > .15*answered || from > 0 && during < 2*before || from == 0 && during < 100_000 {
		return nil
	}
	return &Finding{
		Severity: Serious, What: fmt.Sprintf("the target is saturated: it answers about %.0f/s, regardless of a higher rate", answered),
		Evidence: fmt.Sprintf("%ds with %s of %s answered; p50 %s, before %s", to-from, perSecond(answered), perSecond(r.Seconds[to-1].Asked), us(during), us(before)),
		Next:     "CPU, pools and queues of the target at that rate; landfall capacity finds the rate that holds",
		FromMS:   r.at(from), ToMS: r.at(to), strength: float64(to-from) / float64(len(r.Seconds)),
	}
}

// allBusy reports whether every connection was in use in most seconds of a run with a rate.
func (r Run) allBusy() bool {
	busy := 0
	for _, s := range r.Seconds {
		if s.Asked > 0 && s.Open > 0 && s.InFlight >= s.Open && 2*s.Responses >= s.Requests {
			busy++
		}
	}
	return 2*busy > len(r.Seconds)
}

// fewConnections: from the start on, all connections are busy, so that fewer requests can be sent than are due (Little's law). Whether the
// target could answer more is unknown.
func fewConnections(r Run) *Finding {
	if !r.allBusy() || r.Service == nil || r.RateRPS >= .95*r.AskedRPS {
		return nil
	}
	open := int(median(r.Seconds, func(s Second) float64 { return float64(s.Open) }))
	need := int(math.Ceil(r.AskedRPS * r.Service.Mean() / 1e6))
	if need <= open { // the target became slow later
		return nil
	}
	return &Finding{
		Severity: Warning, What: fmt.Sprintf("%d connections are too few for %s", open, perSecond(r.AskedRPS)),
		Evidence: fmt.Sprintf("all were busy: a request takes %s on average, so that %s need at least %d", us(r.Service.Mean()), perSecond(r.AskedRPS), need),
		Next:     "more connections; if no more is answered then, the target is saturated",
		FromMS:   r.at(0), ToMS: r.at(len(r.Seconds)), strength: float64(need) / float64(open),
	}
}

// backlog: the rate falls, and latency stays at the level of the overload.
func backlog(r Run) *Finding {
	const least = 10 // seconds after the fall
	fall := 0
	for i := 1; i < len(r.Seconds); i++ {
		if r.Seconds[i].Asked < .7*r.Seconds[i-1].Asked {
			fall = i
		}
	}
	if fall < least || len(r.Seconds)-fall < least {
		return nil
	}
	first := median(r.Seconds[:fall/3], p50)
	after := r.Seconds[fall+2:]
	for _, s := range after {
		if first == 0 || p50(s) < 3*first || p50(s) < 20_000 {
			return nil
		}
	}
	return &Finding{
		Severity: Serious, What: fmt.Sprintf("a backlog does not drain: latency stays high although the rate fell to %.0f/s", r.Seconds[fall].Asked),
		Evidence: fmt.Sprintf("p50 %s for %ds after the rate fell, %s at the start", us(median(after, p50)), len(after), us(first)),
		Next:     "unbounded queues, and work done for clients that have timed out",
		FromMS:   r.at(fall), ToMS: r.at(len(r.Seconds)), strength: float64(len(after)),
	}
}

// errorsBegin: a class of failures that did not occur before occurs steadily from some second on.
func errorsBegin(r Run) (found *Finding) {
	kinds := map[string]func(Second) int64{"unexpected responses": func(s Second) int64 { return s.Unexpected }}
	for _, class := range []loadgen.Class{loadgen.ErrDNS, loadgen.ErrConnect, loadgen.ErrTLS, loadgen.ErrWrite, loadgen.ErrRead, loadgen.ErrTimeout, loadgen.ErrProtocol} {
		kinds[string(class)+" errors"] = func(s Second) int64 { return s.Errors[class] }
	}
	for kind, of := range kinds {
		if f := begins(r, kind, of); f != nil && (found == nil || f.strength > found.strength) {
			found = f
		}
	}
	return found
}

func begins(r Run, kind string, of func(Second) int64) *Finding {
	const least = 5 // seconds before and after
	first := 0
	for first < len(r.Seconds) && of(r.Seconds[first]) == 0 {
		first++
	}
	if first < least || len(r.Seconds)-first < least {
		return nil
	}
	var failed, requests, affected int64
	for _, s := range r.Seconds[first:] {
		n := of(s)
		failed, requests = failed+n, requests+s.Requests
		if n > 0 {
			affected++
		}
	}
	after := int64(len(r.Seconds) - first)
	if affected*10 < after*8 || failed*100 < requests {
		return nil
	}
	at := ""
	if asked := r.Seconds[first].Asked; asked > 0 {
		at = " at " + perSecond(asked)
	}
	return &Finding{
		Severity: Serious, What: fmt.Sprintf("%s start %ds into the run%s and persist", kind, r.Start+first, at),
		Evidence: fmt.Sprintf("none in %ds before; %s in %ds after (%s of the requests)", first, figures.Count(failed), after, figures.Percent(float64(failed), float64(requests))),
		Next:     "the target's log at that moment, and its limits: files, connections, memory",
		FromMS:   r.at(first), ToMS: r.at(len(r.Seconds)), strength: float64(failed) / float64(requests),
	}
}

// longest returns the longest series of consecutive seconds that satisfy ok.
func longest(list []Second, ok func(Second) bool) (from, to int) {
	start := -1
	for i := range len(list) + 1 {
		if i < len(list) && ok(list[i]) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start > to-from {
			from, to = start, i
		}
		start = -1
	}
	return from, to
}

// perSecond formats a rate in whole requests per second.
func perSecond(rps float64) string { return figures.Count(int64(rps+.5)) + "/s" }

// us formats microseconds.
func us(v float64) string { return figures.Micros(int64(v)) }
