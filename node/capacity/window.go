package capacity

import (
	"fmt"
)

// window holds the seconds of the current probe.
type window struct {
	seconds int
	sound   []Second // that count
	all     []Second // in which all drivers reported, even if the generator was the limit
	held    int      // those of all in which the objectives held
	broken  int      // latest consecutive sound seconds that each failed an objective
	bad     int      // sound seconds that failed an objective, in total
	spoiled int      // seconds that do not count
	limited int      // spoiled seconds in which the generator itself was the limit
	why     string   // of the last spoiled second
	after   int      // further seconds in which a failure is attributed to a spoiled one
	before  int64    // p50 of the second before, in microseconds
}

// take adds a second to the window.
func (m *Machine) take(s Second) {
	w := &m.window
	w.seconds++
	breaks := m.breaks(s)
	if s.Coverage == 1 {
		w.all = append(w.all, s)
		if !breaks {
			w.held++
		}
	}
	if why := w.discardReason(s, breaks); why != "" {
		w.spoiled, w.why = w.spoiled+1, why
		return
	}
	w.sound = append(w.sound, s)
	if w.broken++; !breaks {
		w.broken = 0
	}
	w.bad += min(w.broken, 1)
}

// discardReason returns why a second does not count; "": it counts. A late generator sends all overdue requests at once, which leaves a
// backlog even at a sustainable rate: a failure right after that, or while latency falls, proves nothing.
func (w *window) discardReason(s Second, breaks bool) (why string) {
	why = spoiled(s)
	falls := w.falls(s)
	switch {
	case why != "":
		w.after, w.limited = backlogGrace, w.limited+1
	case !breaks:
		w.after = 0
	case w.after > 0 || falls:
		w.after--
		return "a backlog from before"
	}
	return why
}

// falls reports whether latency is lower than in the second before.
func (w *window) falls(s Second) bool {
	if s.Latency == nil {
		return false
	}
	p50, before := s.Latency.Quantile(.5), w.before
	w.before = p50
	return before > 0 && p50*20 < before*19
}

// spoiled returns why a second is no measurement of the target; "": it is one.
func spoiled(s Second) string {
	if s.Coverage < 1 {
		return fmt.Sprintf("only %.0f%% of the drivers reported", 100*s.Coverage)
	}
	return s.Limited
}

// inconclusive reports whether a probe failed in less than half of its seconds, as it does after a single stall of the machine.
func (w *window) inconclusive(p Probe) bool {
	return p.Void == "" && !p.Holds && w.bad*2 < len(w.sound)
}

// slow reports whether a probe is void because of backlogs rather than the generator.
func (w *window) slow(p Probe) bool {
	return p.Void != "" && p.Broke != "" && w.limited*2 <= w.spoiled
}
