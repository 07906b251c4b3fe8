package findings

import (
	"fmt"
	"math"
)

// steady reports whether a run's load is constant; otherwise a change of latency is no surprise.
func steady(r Run) bool {
	low, high := math.Inf(1), 0.0
	for _, s := range r.Seconds {
		low, high = min(low, s.Asked), max(high, s.Asked)
	}
	return len(r.Seconds) > 0 && high-low <= .02*high && (high > 0 || !growing(r.Seconds))
}

// growing reports whether the number of a closed loop's connections or users differs between its first and last quarter.
func growing(list []Second) bool {
	quarter := len(list) / 4
	for _, of := range []func(Second) float64{open, users} {
		first, last := median(list[:quarter], of), median(list[len(list)-quarter:], of)
		if math.Abs(last-first) > .2*max(first, last) {
			return true
		}
	}
	return false
}

// stalls: the slowest responses of single seconds are many times slower than usual, at regular intervals.
func stalls(r Run) *Finding {
	const least = 4 // stalls
	usual := median(r.Seconds, p99)
	if usual == 0 || len(r.Seconds) < 20 || r.allBusy() { // requests that wait for connections are answered in groups
		return nil
	}
	var at []int
	for i, s := range r.Seconds {
		if s.P99US > 0 && p99(s) > 4*usual && p99(s) > usual+20_000 && (len(at) == 0 || i > at[len(at)-1]+1) {
			at = append(at, i)
		}
	}
	if len(at) < least || len(at)*3 > len(r.Seconds) {
		return nil
	}
	gap := float64(at[len(at)-1]-at[0]) / float64(len(at)-1)
	height := median(at, func(i int) float64 { return p99(r.Seconds[i]) })
	for i := 1; i < len(at); i++ {
		if math.Abs(float64(at[i]-at[i-1])-gap) > max(.2*gap, 1.01) {
			return nil
		}
	}
	return &Finding{
		Severity: Warning, What: fmt.Sprintf("the target stalls about every %.0fs", gap),
		Evidence: fmt.Sprintf("%d seconds with a p99 around %s, usually %s, at even distances", len(at), us(height), us(usual)),
		Next:     "whatever runs at that period: garbage collection, a timer, a cron job, a checkpoint",
		FromMS:   r.at(at[0]), ToMS: r.at(at[len(at)-1] + 1), strength: height / usual,
	}
}

// thinned returns at most the given number of seconds at regular distances, and that distance: the search for a step takes time
// quadratic in their number.
func thinned(list []Second, most int) (some []Second, each int) {
	each = max(1, (len(list)+most-1)/most)
	for i := 0; i < len(list); i += each {
		some = append(some, list[i])
	}
	return some, each
}

// step: at a constant rate, latency is on one level until some second and on a much higher one from then on.
func step(r Run) *Finding {
	if !steady(r) {
		return nil
	}
	list, each := thinned(r.Seconds, 200)
	at, ok := levels(list)
	if !ok {
		return nil
	}
	before, after := median(list[:at], p50), median(list[at:], p50)
	return &Finding{
		Severity: Warning, What: fmt.Sprintf("latency steps up %ds into the run and stays there, at an unchanged rate", r.Start+at*each),
		Evidence: fmt.Sprintf("p50 %s before, %s after", us(before), us(after)),
		Next:     "what happened then: a deployment, a failover, a cache that filled, a noisy neighbour",
		FromMS:   r.at(at * each), ToMS: r.at(len(r.Seconds)), strength: after / before,
	}
}

// levels finds the element of a list at which latency steps up to a much higher level. It is a step, not a slope: the elements next
// to it are already on their levels, and few elements are on the level of the other side.
func levels(list []Second) (at int, ok bool) {
	const least = 8 // elements on either side
	wrong := len(list)
	for i := least; i <= len(list)-least; i++ {
		if n := misplaced(list, i); n < wrong {
			at, wrong = i, n
		}
	}
	if at == 0 {
		return 0, false
	}
	before, after := median(list[:at], p50), median(list[at:], p50)
	if before == 0 || after/before < 1.8 || after-before < 500 || wrong*10 > len(list) {
		return 0, false
	}
	near := median(list[at:at+3], p50) / median(list[at-3:at], p50)
	return at, near >= math.Sqrt(after/before)*1.05
}

// misplaced returns how many seconds are on the latency level of the other side of the step at the given element.
func misplaced(list []Second, at int) (n int) {
	middle := math.Sqrt(median(list[:at], p50) * median(list[at:], p50))
	for i, s := range list {
		if (p50(s) > middle) != (i >= at) {
			n++
		}
	}
	return n
}

// drift: at a constant rate, latency grows from each fifth of a long run to the next.
func drift(r Run) *Finding {
	const least = 120 // seconds
	if !steady(r) || len(r.Seconds) < least {
		return nil
	}
	var levels [5]float64
	for i := range levels {
		levels[i] = median(r.Seconds[i*len(r.Seconds)/5:(i+1)*len(r.Seconds)/5], p99)
		if i > 0 && levels[i] < 1.05*levels[i-1] {
			return nil
		}
	}
	if levels[0] == 0 || levels[4] < 1.4*levels[0] {
		return nil
	}
	return &Finding{
		Severity: Warning, What: "latency grows all through the run, at an unchanged rate",
		Evidence: fmt.Sprintf("p99 of each fifth of the run: %s, %s, %s, %s, %s", us(levels[0]), us(levels[1]), us(levels[2]), us(levels[3]), us(levels[4])),
		Next:     "what grows with time: memory, tables without an index, log files, connections that are never closed",
		FromMS:   r.at(0), ToMS: r.at(len(r.Seconds)), strength: levels[4] / levels[0],
	}
}
