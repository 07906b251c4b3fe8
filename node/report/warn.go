package report

import (
	"fmt"
	"strings"

	"landfall/node/figures"
)

// Shares beyond which a report has a warning.
const (
	warnFailed  = 0.01
	warnDropped = 0.01
	warnRate    = 0.95
	warnLimited = 0.01 // of the seconds
)

// warn lists reasons to doubt the figures, whatever the outcome.
func (r *Report) warn() []string {
	lines := []string{}
	add := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	requests := float64(r.Requests)
	if r.Capacity != nil { // a search overloads the target on purpose
		return lines
	}
	if n := float64(r.Failed); n > warnFailed*requests {
		add("%s of the requests failed (errors and unexpected responses)", figures.Percent(n, requests))
	}
	if due := requests + float64(r.Dropped); float64(r.Dropped) > warnDropped*due {
		add("%s of the requests that were due were dropped: no connection was free", figures.Percent(float64(r.Dropped), due))
	}
	if r.Requests > 0 && r.RateRPS < warnRate*r.AskedRateRPS {
		add("the rate was %s of the requested rate", figures.Percent(r.RateRPS, r.AskedRateRPS))
	}
	if status := r.redirects(); status != "" {
		add("every response was a redirect (%s); redirects are not followed", status)
	}
	if c := r.Coverage; c.Drivers < 1 || c.Requests < 1 {
		var lack []string
		if c.Requests < 1 {
			lack = append(lack, figures.Percent(1-c.Requests, 1)+" of the responses")
		}
		if c.Drivers < 1 {
			lack = append(lack, figures.Percent(1-c.Drivers, 1)+" of the drivers' intervals")
		}
		add("percentiles lack %s", strings.Join(lack, " and "))
	}
	if r.Generator.Limited {
		add("the drivers, not the target, were the limit in %s: latencies contain their own delay", figures.Plural(int64(r.Generator.LimitedSeconds), "second"))
	}
	return lines
}

// redirects lists the statuses if every response was a redirect; otherwise it returns "".
func (r *Report) redirects() string {
	if len(r.Statuses) == 0 {
		return ""
	}
	for code := range r.Statuses {
		if !strings.HasPrefix(code, "3") || code == "304" {
			return ""
		}
	}
	return statusList(r.Statuses)
}
