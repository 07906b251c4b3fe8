package panel

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"landfall/node/capacity"
	"landfall/tui/sample"
	"landfall/tui/style"
)

func searchOf(phase capacity.Phase, now float64) *sample.Search {
	return &sample.Search{Phase: phase, RateRPS: now, Certificate: capacity.Certificate{RateRPS: 800, BelowRPS: 1600, Probes: []capacity.Probe{
		{RateRPS: 1600, P99US: 900_000, Broke: "p99<250ms was 900ms"}, {RateRPS: 100, P99US: 3_000, Holds: true}, {RateRPS: 400, P99US: 4_000, Holds: true}, {RateRPS: 800, P99US: 30_000, Holds: true},
		{RateRPS: 1200, P99US: 1, Void: "a driver was the limit"},
	}}}
}

// The rates are sorted, including the one being tested. Bars grow with the p99, and values without meaning are omitted.
func TestCapacity(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	lines := Capacity(st, searchOf(capacity.Bisecting, 1130), 70, 12)
	var rates []string
	bars := map[string]int{}
	for _, line := range lines {
		words := strings.Fields(strings.Trim(line, "│ "))
		if len(words) > 1 && strings.HasSuffix(words[1], "/s") && strings.Contains("✓✖▸", words[0]) {
			rates = append(rates, words[0]+words[1])
			bars[words[1]] = strings.Count(line, "█")
		}
		if ansi.StringWidth(line) != 70 {
			t.Errorf("%d columns: %s", ansi.StringWidth(line), line)
		}
	}
	if got := strings.Join(rates, " "); got != "✓100/s ✓400/s ✓800/s ▸1.13k/s ✖1.6k/s" {
		t.Errorf("rates are %s:\n%s", got, strings.Join(lines, "\n"))
	}
	if !(bars["100/s"] < bars["800/s"] && bars["800/s"] < bars["1.6k/s"]) {
		t.Errorf("bars are %v", bars)
	}
	if text := strings.Join(lines, "\n"); !strings.Contains(text, "holds 800/s") || !strings.Contains(text, "breaks at 1.6k/s") {
		t.Error(text)
	}
}

// The reason why a rate does not hold is not truncated as long as bars can be shorter.
func TestCapacityReasons(t *testing.T) {
	s := searchOf(capacity.Ended, 0)
	reason := ""
	for _, r := range capacityRows(s) {
		if len(r.why()) > len(reason) {
			reason = r.why()
		}
	}
	if text := strings.Join(Capacity(style.Must("none", false, termenv.Ascii), s, 54, 12), "\n"); reason == "" || !strings.Contains(text, reason) {
		t.Errorf("%q is cut:\n%s", reason, text)
	}
}

// A search lists its confirmations: those that were void, and for how long a rate held that failed. A rate that held for a shorter time
// only is marked.
func TestCapacityConfirmations(t *testing.T) {
	s := searchOf(capacity.Ended, 0)
	s.Certificate.Probes = append(s.Certificate.Probes, capacity.Probe{Phase: capacity.Confirming, RateRPS: 700, Seconds: 12, HeldS: 9, Broke: "p99<250ms: 407ms"},
		capacity.Probe{Phase: capacity.Confirming, RateRPS: 600, Seconds: 12, HeldS: 9, Void: "a backlog from before"})
	s.Certificate.Probes[3].Seconds = 5
	text := strings.Join(Capacity(style.Must("none", false, termenv.Ascii), s, 76, 14), "\n")
	for _, want := range []string{"p99<250ms: 407ms (held 9 of 12s)", "void: a backlog from before (held 9 of 12s)", "held for 5s, later it did not"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

// If there is little room, the rates near the capacity are shown.
func TestCapacityInLittleRoom(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	text := strings.Join(Capacity(st, searchOf(capacity.Ended, 0), 60, 6), "\n")
	if !strings.Contains(text, "800/s ") || !strings.Contains(text, "1.6k/s ") || strings.Contains(text, " 100/s") {
		t.Error(text)
	}
}
