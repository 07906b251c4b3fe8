package capacity

import (
	"fmt"
	"math"
	"strings"
	"time"

	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
)

// probe accumulates the seconds judged so far.
func (m *Machine) probe() Probe {
	total := m.window[0].merge(m.window[1:])
	f := total.figures(len(m.window))
	p := Probe{
		Phase: m.phase, AtS: m.second - len(m.window), Seconds: len(m.window), RateRPS: m.rate,
		Achieved: round(float64(f.Requests) / f.Seconds), Failed: share(f.Errors()+f.Unexpected, f.Requests), Dropped: share(f.Dropped, f.Requests+f.Dropped),
		P50US: total.Latency.Quantile(.50), P99US: total.Latency.Quantile(.99),
	}
	p.Broke = m.broke(f)
	p.Holds = p.Broke == ""
	p.Void = m.voided(p.Holds)
	return p
}

// voided is why the seconds say nothing about the target; "": they do. A generator that is late makes latencies longer and
// rates lower, never better: a rate that holds despite it holds.
func (m *Machine) voided(holds bool) string {
	limited := 0
	for _, s := range m.window {
		if s.Coverage < 1 {
			return fmt.Sprintf("only %.0f %% of the drivers reported", 100*s.Coverage)
		}
		if s.Limited != "" {
			limited++
		}
	}
	if limited*3 > len(m.window) && !holds { // a hiccup is no limit
		for _, s := range m.window {
			if s.Limited != "" {
				return s.Limited
			}
		}
	}
	return ""
}

// broke is the first objective that does not hold; "": all do. A target that does not take the rate breaks it too.
func (m *Machine) broke(f condition.Figures) string {
	for _, c := range m.config.Objectives {
		if r := c.Judge(f); r.Judged && !r.Passed {
			return fmt.Sprintf("%s: %s", objectiveText(c), valueText(c, r.Value))
		}
	}
	if rate := float64(f.Requests) / f.Seconds; rate < achieved*m.rate {
		return fmt.Sprintf("only %.6g/s of %.6g/s were answered", round(rate), m.rate)
	}
	return ""
}

// objectiveText is an objective with the bound of a time in the unit that suits it, such as "p99<250ms".
func objectiveText(c condition.Condition) string {
	text := c.String()
	if !c.IsTime() {
		return text
	}
	bound := strings.LastIndex(text, c.Operator) + len(c.Operator)
	return text[:bound] + (time.Duration(c.Bound) * time.Microsecond).String()
}

func valueText(c condition.Condition, v float64) string {
	switch {
	case c.IsTime():
		return (time.Duration(v) * time.Microsecond).String()
	case c.Percent:
		return fmt.Sprintf("%.3g %%", v)
	}
	return fmt.Sprintf("%.6g", v)
}

// rested tells whether a second is like those of the first probe that held. Without one, its latency no longer falls.
func (m *Machine) rested(s Second) bool {
	if s.Latency == nil || s.Latency.Count() == 0 || s.Counts.Dropped > 0 {
		return false
	}
	if float64(s.Counts.Requests) > 1.2*m.rate+3 { // what was due before is still being sent
		return false
	}
	p99, before := s.Latency.Quantile(.99), m.before
	m.before = p99
	if m.reference == nil {
		return before > 0 && p99*5 >= before*4
	}
	slack := 2*m.reference.P99US + 5_000
	failed := share(s.Counts.Requests-s.Counts.Responses+s.Counts.Unexpected, s.Counts.Requests)
	return p99 <= slack && failed <= m.reference.Failed+.01 && float64(s.InFlight) <= 2+3*m.rate*float64(slack)/1e6
}

// merge is a second together with others.
func (s Second) merge(others []Second) Second {
	total := Second{Asked: s.Asked, Coverage: s.Coverage, Latency: hdr.New()}
	for _, one := range append([]Second{s}, others...) {
		total.Counts.Add(one.Counts)
		if one.Latency != nil {
			total.Latency.Merge(one.Latency)
		}
		total.Coverage = min(total.Coverage, one.Coverage)
	}
	return total
}

// figures are what objectives are judged on.
func (s Second) figures(seconds int) condition.Figures {
	f := condition.Figures{
		Seconds: float64(seconds), Requests: s.Counts.Requests, Responses: s.Counts.Responses, Unexpected: s.Counts.Unexpected,
		Dropped: s.Counts.Dropped, Coverage: s.Coverage,
	}
	if s.Latency != nil {
		f.Latency = s.Latency
	}
	return f
}

func share(n, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(n) / float64(whole)
}

func round(f float64) float64 { return math.Round(f*100) / 100 }
