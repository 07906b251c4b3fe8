package findings

import (
	"cmp"
	"fmt"
	"slices"

	"landfall/loadgen"
)

// onset is a load above which latency is on a higher level.
type onset struct {
	request       string  // whose latency it is; "": all requests'
	below, above  float64 // the highest load on the lower level, the lowest on the higher one
	before, after float64 // p50 on either level, in microseconds
	low, high     Second  // the seconds of that highest and that lowest load
}

// rateStep: latency is on one level up to some rate and on a higher one above it, although the target answers all requests. A
// saturated target has no such second level: its latency keeps growing.
func rateStep(r Run) *Finding {
	o, ok := r.onset(asked, func(s Second) bool { return s.Dropped == 0 && float64(s.Responses) >= .95*s.Asked-2 })
	if !ok {
		return nil
	}
	return o.finding(r, fmt.Sprintf("at about %s", perSecond(o.above)), fmt.Sprintf("up to %s (%d connections), %s from %s (%d)",
		perSecond(o.below), o.low.Open, us(o.after), perSecond(o.above), o.high.Open), "what is limited to that rate or to so many connections: a pool, a cache, a quota, autoscaling")
}

// connectionStep: in a closed loop, latency is on one level up to some number of connections and on a higher one above it. In a
// paced run the number of connections depends on latency, so it does not explain it.
func connectionStep(r Run) *Finding {
	if r.Kind != loadgen.Avalanche {
		return nil
	}
	o, ok := r.onset(open, func(s Second) bool { return s.Open > 0 })
	if !ok {
		return nil
	}
	return o.finding(r, fmt.Sprintf("at about %.0f connections", o.above), fmt.Sprintf("up to %.0f connections (%s), %s from %.0f (%s)",
		o.below, perSecond(float64(o.low.Responses)), us(o.after), o.above, perSecond(float64(o.high.Responses))), "what is limited to so many connections: workers, threads, a pool, connections to a database")
}

func (o onset) finding(r Run, at, evidence, next string) *Finding {
	what := "latency steps up " + at
	if o.request != "" {
		what = fmt.Sprintf("latency of request %s steps up %s", o.request, at)
	}
	return &Finding{Severity: Warning, What: what, Evidence: "p50 " + us(o.before) + " " + evidence, Next: next,
		FromMS: r.at(0), ToMS: r.at(len(r.Seconds)), strength: o.after / o.before}
}

// onset searches a run for an onset of the given load. If there are several requests, it searches the latency of each, because
// their mix may change with the load.
func (r Run) onset(load func(Second) float64, ok func(Second) bool) (onset, bool) {
	if len(r.Requests) < 2 {
		return onsetOf(r.Seconds, load, ok)
	}
	for _, m := range r.Requests {
		if o, found := onsetOf(m.Seconds, load, ok); found {
			o.request = m.Name
			return o, true
		}
	}
	return onset{}, false
}

// onsetOf sorts seconds by their load and looks for two levels: each is flat, and the loads beside the step are close to each
// other, so that it is a step of latency and not of the load.
func onsetOf(all []Second, load func(Second) float64, ok func(Second) bool) (onset, bool) {
	var list []Second
	for _, s := range all {
		if s.Whole && s.P50US > 0 && load(s) > 0 && ok(s) {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b Second) int { return cmp.Compare(load(a), load(b)) })
	list, _ = thinned(list, 200)
	at, found := levels(list)
	if !found {
		return onset{}, false
	}
	o := onset{below: load(list[at-1]), above: load(list[at]), before: median(list[:at], p50), after: median(list[at:], p50), low: list[at-1], high: list[at]}
	close := o.above > 1.001*o.below && o.above < 1.25*o.below+2
	return o, close && flat(list[:at]) && flat(list[at:])
}

// flat reports whether the upper half of a list is on the same level as the lower one.
func flat(list []Second) bool {
	half := len(list) / 2
	return median(list[half:], p50) < 1.5*median(list[:half], p50)
}
