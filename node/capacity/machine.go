// Package capacity searches for the highest rate that a target sustains. A search is one run whose rate changes: a pure state
// machine observes the run second by second and determines the next rate. It has no clock and no network: an orchestrator sets
// the rates, and [Search] connects the machine to a run.
//
// The rate doubles until an objective fails. The range between the last rate that held and the first that failed is bisected, and
// a longer hold confirms the result. After a failed rate the target drains, so that no backlog affects the next probe. A second
// in which the generator was the limit, or in which not all drivers reported, is spoiled: it does not make a probe fail but
// prolongs it, and a probe with many spoiled seconds is void. A probe that fails in few of its seconds is repeated once.
// Finally the target is overloaded on purpose, to see whether and how fast it recovers.
package capacity

import (
	"fmt"
	"math"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

const (
	growth       = 2.0
	overload     = 1.5  // of the confirmed rate
	underload    = 0.5  // of the confirmed rate, for recovery; of the first rate, for draining
	drainDivisor = 20   // divisor of the rate for draining while no rate has held yet
	leastRate    = 1.0  // requests/s; a target that cannot sustain it has no capacity
	settle       = 2    // seconds at a new rate that are not judged
	early        = 3    // seconds after which a clearly failing probe ends
	spoilable    = 5    // spoiled seconds that make a short probe void; for a long one, half of its length
	achieved     = 0.95 // of the asked rate; below that, the target does not sustain it
	backlogGrace = 5    // seconds after a spoiled one in which a backlog is not attributed to the target
	maxRepeats   = 4    // maximum number of probes that are repeated because few of their seconds failed
	overloaded   = 10   // seconds
	maxDrain     = 30   // seconds; a target that has not recovered by then stays down
	retries      = 3    // of a void probe, in a row
	confirms     = 5    // attempts to confirm
	patience     = 10   // seconds to reach a rate; after that, the drivers' caps prevent it
)

// Second holds the measurements of one whole second of the run.
type Second struct {
	Asked    float64 // the rate that the plan asked for
	Counts   loadgen.Counts
	Latency  *hdr.Histogram
	InFlight int
	Coverage float64 // of the drivers, from 0 to 1
	Limited  string  // why the generator was the limit; "": it was not
}

// Phase is the phase of a search.
type Phase string

// The phases of a search, in their usual order.
const (
	Growing    Phase = "growing"
	Bisecting  Phase = "bisecting"
	Confirming Phase = "confirming"
	Draining   Phase = "draining"
	Overload   Phase = "overload"
	Recovering Phase = "recovering"
	Ended      Phase = "ended"
)

// Machine is a search. It is not safe for concurrent use.
type Machine struct {
	config Config
	cert   Certificate
	phase  Phase
	after  Phase // the phase after the drain, at the rate next
	next   float64
	rate   float64
	second int // of the run
	fresh  int // seconds at this rate, judged or not
	window window

	low, high float64 // the highest rate that held, the lowest that failed; 0: none yet
	voids     int     // in a row
	repeating bool    // the last probe failed in few seconds, and is repeated
	repeats   int     // repeated probes
	confirmed int     // attempts to confirm
	reference *Probe  // the first probe that held: what a drained target looks like
	recovered int     // consecutive seconds as in reference
	before    int64   // p99 of the previous second, µs
	waiting   int     // consecutive seconds at another rate than the machine's
}

// New returns a search at its start.
func New(c Config) *Machine {
	c = c.WithDefaults()
	m := &Machine{config: c, phase: Growing, rate: min(c.From, c.To)}
	m.cert = Certificate{Precision: c.Precision, Probes: []Probe{}}
	return m
}

// Rate returns the rate that the run should have now, in requests/s of the fleet.
func (m *Machine) Rate() float64 { return m.rate }

// Phase returns the current phase.
func (m *Machine) Phase() Phase { return m.phase }

// Certificate returns the result so far.
func (m *Machine) Certificate() Certificate { return m.cert }

// Observe handles the next whole second of the run. Seconds at another rate than the machine's belong to a
// rate change, and are not judged.
func (m *Machine) Observe(s Second) {
	m.second++
	if m.phase == Ended {
		return
	}
	if math.Abs(s.Asked-m.rate) > 0.001*m.rate {
		if m.waiting++; m.waiting == patience {
			m.capped(s.Asked)
		}
		return
	}
	m.waiting = 0
	m.fresh++
	switch m.phase {
	case Draining, Recovering:
		m.drain(s)
		return
	}
	if m.fresh <= settle {
		m.window.falls(s)
		return
	}
	m.take(s)
	switch p, over := m.probe(); {
	case m.phase == Overload:
		if m.window.seconds == overloaded {
			m.cert.Probes = append(m.cert.Probes, m.measured(m.window.all))
			m.to(Recovering, m.cert.RateRPS*underload)
		}
	case over:
		m.judge(p)
	}
}

// length returns how many seconds a probe of this phase is judged.
func (m *Machine) length() int {
	hold := int(m.config.Hold / time.Second)
	switch m.phase {
	case Growing:
		return max(hold/4, early)
	case Bisecting:
		return max(hold/2, early)
	}
	return 3 * hold
}

// to starts a phase at a rate.
func (m *Machine) to(p Phase, rate float64) {
	m.phase, m.rate = p, math.Round(max(rate, leastRate)*100)/100
	m.fresh, m.recovered, m.before, m.window = 0, 0, 0, window{}
}

// end ends the search.
func (m *Machine) end(format string) {
	m.phase = Ended
	m.cert.Ended = format
	m.cert.summarize()
}

// judge handles a finished probe.
func (m *Machine) judge(p Probe) {
	if m.voids > 0 && m.window.slow(p) { // void again, and because of backlogs: the target is the cause
		p.Void = ""
	}
	m.cert.Probes = append(m.cert.Probes, p)
	if p.Void != "" {
		m.void(p)
		return
	}
	m.voids = 0
	if m.window.inconclusive(p) && !m.repeating && m.repeats < maxRepeats {
		m.repeating = true
		m.repeats++
		m.cert.Probes[len(m.cert.Probes)-1].Void = "few of its seconds failed; repeated"
		m.drainThen(m.phase, m.rate)
		return
	}
	m.repeating = false
	if p.Holds && m.reference == nil {
		m.reference = &p
	}
	switch m.phase {
	case Growing:
		m.grown(p)
	case Bisecting:
		m.bisected(p)
	case Confirming:
		m.confirm(p)
	}
}

// capped ends the search because the drivers do not allow its rate.
func (m *Machine) capped(asked float64) {
	m.cert.Limit = fmt.Sprintf("the drivers allow no more than %.6g/s", asked)
	m.cert.RateRPS, m.cert.AtLeast = m.cert.held(m.low), m.high == 0
	m.end("the generator was the limit: " + m.cert.Limit)
}

// void repeats a probe, and ends the search if it stays void: the result is then the highest rate that held.
func (m *Machine) void(p Probe) {
	if m.voids++; m.voids < retries {
		m.drainThen(m.phase, m.rate)
		return
	}
	if m.voids = 0; m.phase == Confirming && m.confirmed+1 < confirms { // the rate held before, for a shorter time
		m.confirmed++
		m.low = p.RateRPS / m.fall()
		m.drainThen(Confirming, m.low)
		return
	}
	m.cert.RateRPS, m.cert.AtLeast = m.cert.held(m.low), m.low > 0 && m.high == 0
	switch {
	case m.low == 0:
		m.cert.Limit = p.Void
		m.end("no rate could be judged: " + p.Void)
	case m.high > 0: // the target fails somewhat above the rates that could be judged
		m.end(fmt.Sprintf("no rate below %.6g/s could be confirmed: %s", m.high, p.Void))
	default:
		m.cert.Limit = p.Void
		m.end("the generator was the limit: " + p.Void)
	}
}

func (m *Machine) grown(p Probe) {
	switch {
	case p.Holds && p.RateRPS >= m.config.To:
		m.low = p.RateRPS
		m.to(Confirming, m.low)
	case p.Holds:
		m.low = p.RateRPS
		if m.high > 0 { // found on the way down
			m.bisect()
			return
		}
		m.to(Growing, min(p.RateRPS*growth, m.config.To))
	default:
		m.high = p.RateRPS
		switch {
		case m.low > 0:
			m.bisect()
		case p.RateRPS <= leastRate:
			m.end("not even the lowest rate holds: " + p.Broke)
		default:
			m.drainThen(Growing, p.RateRPS/growth)
		}
	}
}

func (m *Machine) bisected(p Probe) {
	if p.Holds {
		m.low = p.RateRPS
	} else {
		m.high = p.RateRPS
	}
	m.bisect()
}

// bisect continues between the rates that held and failed. Rates compare by ratios, so the middle is the
// geometric mean.
func (m *Machine) bisect() {
	last := m.cert.Probes[len(m.cert.Probes)-1]
	next, rate := Bisecting, math.Sqrt(m.low*m.high)
	if m.high/m.low <= m.gap() {
		next, rate = Confirming, m.low
	}
	if last.Holds {
		m.to(next, rate)
		return
	}
	m.drainThen(next, rate)
}

// gap returns the ratio of neighbouring rates at the end of the bisection: half of the precision, so that the result is still
// within the precision after one failed confirmation.
func (m *Machine) gap() float64 { return 1 + m.config.Precision/2 }

// fall returns the ratio by which the rate is lowered, given the failed confirmations so far.
func (m *Machine) fall() float64 {
	if m.confirmed == 1 {
		return m.gap()
	}
	return 1 + m.config.Precision
}

func (m *Machine) confirm(p Probe) {
	m.confirmed++
	if p.Holds {
		m.cert.RateRPS, m.cert.BelowRPS, m.cert.Confirmed = p.RateRPS, m.high, true
		m.cert.AtLeast = m.high == 0
		m.to(Overload, p.RateRPS*overload)
		return
	}
	m.high = p.RateRPS
	if m.low = p.RateRPS / m.fall(); m.confirmed == confirms {
		m.end("no rate held for as long as a confirmation takes")
		return
	}
	m.drainThen(Confirming, m.low)
}

// drainThen lets the target drain, and then starts a phase at a rate.
func (m *Machine) drainThen(next Phase, rate float64) {
	m.after, m.next = next, rate
	low := rate / drainDivisor
	if m.low > 0 {
		low = min(m.config.From, m.low, rate) * underload
	}
	m.to(Draining, low)
}

// drain waits until the target has rested for two consecutive seconds.
func (m *Machine) drain(s Second) {
	switch {
	case m.rested(s):
		m.recovered++
	case spoiled(s) != "" && m.window.seconds < maxDrain: // it shows the generator, not the target
		m.window.seconds++
		m.fresh--
		return
	default:
		m.recovered = 0
	}
	down := m.fresh >= maxDrain
	if m.recovered < 2 && !down {
		return
	}
	if n := len(m.cert.Probes); n > 0 {
		m.cert.Probes[n-1].DrainS = m.fresh
	}
	switch recovering := m.phase == Recovering; {
	case recovering && down:
		m.cert.StaysDown = true
		m.end("the target stays down after an overload")
	case recovering:
		m.cert.RecoveryS = m.fresh - m.recovered
		m.end("")
	case down:
		m.cert.StaysDown = true
		m.cert.RateRPS = m.cert.held(m.low)
		m.end("the target stays down after a rate it could not sustain")
	default:
		m.to(m.after, m.next)
	}
}
