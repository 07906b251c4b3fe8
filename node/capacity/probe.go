package capacity

import (
	"fmt"
	"math"
	"strings"
	"time"

	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
	"landfall/node/figures"
)

// Probe is the result of trying one rate.
type Probe struct {
	Phase    Phase   `json:"phase"`
	AtS      int     `json:"at_s"` // first judged second, since T0
	Seconds  int     `json:"seconds"`
	RateRPS  float64 `json:"rate_rps"`
	Achieved float64 `json:"achieved_rps"`
	P50US    int64   `json:"p50_us"`
	P99US    int64   `json:"p99_us"`
	Failed   float64 `json:"failed"` // share of the requests
	Dropped  float64 `json:"dropped"`
	Holds    bool    `json:"holds"`
	HeldS    int     `json:"held_s,omitempty"` // of the seconds, those in which all objectives held
	Broke    string  `json:"broke,omitempty"`  // the objective that failed, with its value
	Void     string  `json:"void,omitempty"`   // why the probe is void
	DrainS   int     `json:"drain_s,omitempty"`
}

// probe returns the current probe, and whether it is over: its rate held for the length of the phase, it failed in several
// consecutive seconds, or too many of its seconds are spoiled. A late generator only makes latencies higher and rates lower: a
// rate that holds even with the seconds in which the generator was the limit does hold.
func (m *Machine) probe() (p Probe, over bool) {
	w, length := &m.window, m.length()
	p = m.measured(w.sound)
	p.HeldS = len(w.sound) - w.bad
	if w.broken >= early || len(w.sound) >= length {
		return p, true
	}
	whole := m.measured(w.all)
	whole.HeldS = w.held
	if len(w.all) >= length && whole.Holds {
		return whole, true
	}
	if w.spoiled < max(spoilable, length/2) {
		return p, false
	}
	whole.Void, whole.Holds = w.why, false
	return whole, true
}

// measured returns a probe of the given seconds of the window.
func (m *Machine) measured(seconds []Second) Probe {
	p := Probe{Phase: m.phase, AtS: m.second - m.window.seconds, Seconds: len(seconds), RateRPS: m.rate}
	if len(seconds) == 0 {
		return p
	}
	total := seconds[0].merge(seconds[1:])
	f := total.figures(len(seconds))
	p.Achieved, p.Failed, p.Dropped = round(float64(f.Requests)/f.Seconds), share(f.Errors()+f.Unexpected, f.Requests), share(f.Dropped, f.Requests+f.Dropped)
	p.P50US, p.P99US = total.Latency.Quantile(.50), total.Latency.Quantile(.99)
	p.Broke = m.broke(f, achieved*m.rate)
	p.Holds = p.Broke == ""
	return p
}

// broke describes the first objective that does not hold; "": all hold. Fewer requests per second than least are a failure, too.
func (m *Machine) broke(f condition.Figures, least float64) string {
	for _, c := range m.config.Objectives {
		if r := c.Judge(f); r.Judged && !r.Passed {
			return fmt.Sprintf("%s: %s", objectiveText(c), valueText(c, r.Value))
		}
	}
	if rate := float64(f.Requests) / f.Seconds; rate < least {
		return fmt.Sprintf("only %.6g/s of %.6g/s were completed", round(rate), m.rate)
	}
	return ""
}

// breaks reports whether a single second fails an objective. Random arrivals make single seconds vary.
func (m *Machine) breaks(s Second) bool {
	return m.broke(s.figures(1), achieved*m.rate-3*math.Sqrt(m.rate)) != ""
}

// objectiveText formats an objective with a suitable unit, such as "p99<250ms".
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
		return figures.Micros(int64(v))
	case c.Percent:
		return fmt.Sprintf("%.3g%%", v)
	}
	return fmt.Sprintf("%.6g", v)
}

// rested reports whether the target has drained: a second is like those of the first probe that held or, if there is none, its
// latency no longer falls. It compares p90: at the low rate of a drain, the p99 of a second is its slowest request.
func (m *Machine) rested(s Second) bool {
	if s.Latency == nil || s.Latency.Count() == 0 || s.Counts.Dropped > 0 {
		return false
	}
	if float64(s.Counts.Requests) > 1.2*m.rate+3 { // requests that were due before are still being sent
		return false
	}
	p90, before := s.Latency.Quantile(.9), m.before
	m.before = p90
	if m.reference == nil {
		return before > 0 && p90*5 >= before*4
	}
	slack := 2*m.reference.P99US + 5_000
	failed := share(s.Counts.Requests-s.Counts.Responses+s.Counts.Unexpected, s.Counts.Requests)
	return p90 <= slack && failed <= m.reference.Failed+.01 && float64(s.InFlight) <= 2+3*m.rate*float64(slack)/1e6
}

// merge merges a second with others.
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

// figures returns the figures for judging objectives.
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
