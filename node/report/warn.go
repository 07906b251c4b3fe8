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
		add("%s of the requests that were due were dropped: every connection was busy", figures.Percent(float64(r.Dropped), due))
	}
	if r.Requests > 0 && r.RateRPS < warnRate*r.AskedRateRPS {
		add("the rate was %s of the requested rate", figures.Percent(r.RateRPS, r.AskedRateRPS))
	}
	if status := r.redirects(); status != "" {
		add("every response was a redirect (%s); redirects are not followed", status)
	}
	if c := r.Coverage; c.Drivers < 1 || c.Requests < 1 {
		add("percentiles contain %s of the responses and %s of the drivers' intervals", figures.Percent(c.Requests, 1), figures.Percent(c.Drivers, 1))
	}
	if r.Generator.Limited {
		add("the drivers, not the target, were the limit: latencies contain their own delay")
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
