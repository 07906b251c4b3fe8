package capacity

import (
	"strings"
	"testing"
)

// A rate that held for a short time counts no longer once it, or a lower one, has failed in a longer probe.
func TestSuperseded(t *testing.T) {
	c := Certificate{Probes: []Probe{
		{Phase: Growing, RateRPS: 400, Holds: true, P99US: 100}, {Phase: Bisecting, RateRPS: 566, Holds: true, P99US: 110}, {Phase: Bisecting, RateRPS: 617, Holds: true, P99US: 500},
		{Phase: Confirming, RateRPS: 617, Broke: "p99"}, {Phase: Confirming, RateRPS: 546, Broke: "p99"}, {Phase: Confirming, RateRPS: 520, Void: "late"}, {Phase: Overload, RateRPS: 300},
	}}
	for i, want := range []bool{false, true, true, false, false, false, false} {
		if got := c.Superseded(c.Probes[i]); got != want {
			t.Errorf("%+v: superseded: %v", c.Probes[i], got)
		}
	}
	if rate := c.held(520); rate != 400 {
		t.Errorf("%g/s held up to 520/s", rate)
	}
	if c.summarize(); c.KneeRPS != 400 || c.BelowRPS != 546 {
		t.Errorf("knee %g/s, breaks at %g/s", c.KneeRPS, c.BelowRPS)
	}
}

// A search whose last confirmations were void reports a rate that held, and blames the generator only if no rate failed.
func TestUnconfirmed(t *testing.T) {
	for name, c := range map[string]struct {
		high   float64
		limit  string
		ended  string
		atMost bool
	}{
		"a rate failed":  {546, "", "no rate below 546/s could be confirmed: its schedule", true},
		"no rate failed": {0, "its schedule", "the generator was the limit: its schedule", false},
	} {
		m := New(Config{})
		m.phase, m.low, m.high, m.confirmed, m.voids = Confirming, 520, c.high, confirms-1, retries-1
		m.cert.Probes = []Probe{{Phase: Growing, RateRPS: 400, Holds: true}, {Phase: Confirming, RateRPS: 520, Void: "its schedule"}}
		m.void(Probe{Phase: Confirming, RateRPS: 520, Void: "its schedule"})
		got := m.Certificate()
		if m.Phase() != Ended || got.RateRPS != 400 || got.Limit != c.limit || !strings.Contains(got.Ended, c.ended) || got.AtLeast == c.atMost {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
