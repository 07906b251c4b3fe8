package render

import (
	"strings"
	"testing"

	"landfall/node/capacity"
	"landfall/node/report"
)

func certificate() *capacity.Certificate {
	return &capacity.Certificate{
		RateRPS: 800, BelowRPS: 900, Broke: "p99 of 310ms", KneeRPS: 500, RecoveryS: 4, Confirmed: true,
		Probes: []capacity.Probe{
			{RateRPS: 800, Achieved: 800, P99US: 90_000, Seconds: 10, Holds: true},
			{RateRPS: 400, Achieved: 400, P99US: 20_000, Seconds: 10, Holds: true},
			{RateRPS: 900, Achieved: 880, P99US: 310_000, Seconds: 10, HeldS: 7, Broke: "p99 of \x1b[31m310ms"},
			{RateRPS: 950, Seconds: 5, HeldS: 5, Holds: true},
			{RateRPS: 1000, Seconds: 2, Void: "a driver was late"},
			{RateRPS: 1200, Seconds: 5, Phase: capacity.Overload},
		},
	}
}

func TestProbesAreMarked(t *testing.T) {
	var b strings.Builder
	writeCapacity(&b, &report.Report{Capacity: certificate()}, pen{})
	text := b.String()
	for rate, mark := range map[string]string{"800.0/s": "✓ holds", "900.0/s": "(held 7 of 10s)", "950.0/s": "held for 5s, later it did not", "1,000.0/s": "▲ void: a driver was late", "1,200.0/s": "overload on purpose"} {
		found := false
		for line := range strings.Lines(text) {
			found = found || strings.HasPrefix(strings.TrimSpace(line), rate) && strings.Contains(line, mark)
		}
		if !found {
			t.Errorf("the probe of %s is not marked %q:\n%s", rate, mark, text)
		}
	}
	if strings.Contains(text, "\x1b") {
		t.Errorf("%q", text)
	}
	b.Reset()
	if writeCapacity(&b, &report.Report{}, pen{}); b.Len() > 0 {
		t.Errorf("of a run without a search: %q", b.String())
	}
}

func TestCertificateLines(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*capacity.Certificate)
		want   string
		absent string
	}{
		"what broke": {func(*capacity.Certificate) {}, "broke first at 900.0/s: p99 of 310ms", "generator"},
		"knee":       {func(*capacity.Certificate) {}, "lightest load up to 500.0/s", ""},
		"recovery":   {func(*capacity.Certificate) {}, "recovered 4s after", "stayed down"},
		"target":     {func(*capacity.Certificate) {}, "the target was the limit", ""},
		"stays down": {func(c *capacity.Certificate) { c.StaysDown = true }, "stayed down after an overload", "recovered"},
		"generator":  {func(c *capacity.Certificate) { c.Limit = "all cores busy" }, "the generator was the limit (all cores busy)", "the target was the limit"},
		"generator, once": {func(c *capacity.Certificate) {
			c.Limit, c.Ended = "all cores busy", "the generator was the limit: all cores busy"
		}, "the generator was the limit (all cores busy)", "limit: all"},
		"at least":          {func(c *capacity.Certificate) { c.AtLeast = true }, "broke first", "was the limit"},
		"not confirmed":     {func(c *capacity.Certificate) { c.Confirmed = false }, "broke first", "was the limit"},
		"ended by somebody": {func(c *capacity.Certificate) { c.Ended = "stopped by ann" }, "stopped by ann", ""},
	} {
		cert := certificate()
		c.change(cert)
		text := strings.Join(CertificateLines(cert), "\n")
		if !strings.Contains(text, c.want) || c.absent != "" && strings.Contains(text, c.absent) {
			t.Errorf("%s: want %q without %q:\n%s", name, c.want, c.absent, text)
		}
	}
}

// The page lists the probes by rate, with the same marks and a tone for each.
func TestProbeRows(t *testing.T) {
	rows := probeRows(certificate())
	var names []string
	for _, r := range rows {
		names = append(names, r.Name+" "+r.Note)
	}
	if len(rows) < 3 || !strings.HasPrefix(names[0], "400.0/s ✓") || !strings.HasPrefix(names[1], "800.0/s ✓") || !strings.HasPrefix(names[2], "900.0/s ✖") || rows[0].Tone == rows[2].Tone {
		t.Errorf("%q", names)
	}
}
