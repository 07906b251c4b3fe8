package capacity

import (
	"fmt"
	"math"
)

// window has the seconds of a probe so far.
type window struct {
	seconds int
	sound   []Second // that show the target
	all     []Second // those too in which the generator was the limit, but all drivers reported
	broken  int      // sound seconds that broke the objectives by themselves, in a row up to the last
	bad     int      // in all
	spoiled int      // seconds that do not count
	limited int      // of them, those that show the generator and not its after-effects
	why     string   // of the last spoiled second
	after   int      // more seconds that may break because of a spoiled one
	before  int64    // p50 of the second before, in microseconds
}

// take adds a second to the window.
func (m *Machine) take(s Second) {
	w := &m.window
	w.seconds++
	if s.Coverage == 1 {
		w.all = append(w.all, s)
	}
	breaks := m.broke(s.figures(1), achieved*m.rate-3*math.Sqrt(m.rate)) != "" // single seconds of random arrivals differ
	if why := w.excuse(s, breaks); why != "" {
		w.spoiled, w.why = w.spoiled+1, why
		return
	}
	w.sound = append(w.sound, s)
	if w.broken++; !breaks {
		w.broken = 0
	}
	w.bad += min(w.broken, 1)
}

// excuse is why a second does not count; "": it does. A generator that was late sends what was due at once, which leaves a
// backlog even at a rate that the target takes: what breaks right after that, or while latency falls, proves nothing.
func (w *window) excuse(s Second, breaks bool) (why string) {
	why = spoiled(s)
	falls := w.falls(s)
	switch {
	case why != "":
		w.after, w.limited = aftermath, w.limited+1
	case !breaks:
		w.after = 0
	case w.after > 0 || falls:
		w.after--
		return "a backlog from before was still being drained"
	}
	return why
}

// falls tells whether latency is lower than in the second before.
func (w *window) falls(s Second) bool {
	if s.Latency == nil {
		return false
	}
	p50, before := s.Latency.Quantile(.5), w.before
	w.before = p50
	return before > 0 && p50*20 < before*19
}

// spoiled is why a second says nothing about the target; "": it does.
func spoiled(s Second) string {
	if s.Coverage < 1 {
		return fmt.Sprintf("only %.0f %% of the drivers reported", 100*s.Coverage)
	}
	return s.Limited
}

// doubtful tells whether a probe broke in less than half of its seconds, as it does if one stall of the machine falls into it.
func (w *window) doubtful(p Probe) bool {
	return p.Void == "" && !p.Holds && w.bad*2 < len(w.sound)
}

// slow tells whether a void probe is so because of backlogs rather than the generator.
func (w *window) slow(p Probe) bool {
	return p.Void != "" && p.Broke != "" && w.limited*2 <= w.spoiled
}
