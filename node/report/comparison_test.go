package report

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"landfall/loadgen/hdr"
	"landfall/node/report/baseline"
)

// measured returns a report of 40 seconds with latencies around us microseconds.
func measured(id string, us float64, seed uint64) *Report {
	rng := rand.New(rand.NewPCG(seed, 1))
	r := &Report{Schema: Schema, TestID: id, Kind: "tsunami", Landfall: "1.0", AskedRateRPS: 100, RateRPS: 100, Requests: 4000, Responses: 4000, Outcome: Passed,
		Coverage: Coverage{1, 1}, DurationMS: 40_000, Thresholds: []Threshold{{Expr: "p99<1s", Passed: true, Judged: true, Value: 900}}}
	for range 40 {
		b := Block{Seconds: 1, Requests: 100, Latency: hdr.New()}
		for range 100 {
			b.Latency.Record(int64(us * (1 + .3*rng.NormFloat64()*rng.Float64())))
		}
		r.Blocks = append(r.Blocks, b)
	}
	r.Named = []Named{{Name: "login", Requests: 4000, Blocks: r.Blocks}, {Name: "rare", Requests: 1}}
	return r
}

func threeRuns() []*Report {
	return []*Report{measured("a", 5000, 1), measured("b", 5000, 2), measured("c", 5000, 3)}
}

func TestComparisonInWords(t *testing.T) {
	c := Compared(threeRuns(), measured("now", 6000, 4), 0)
	var p50, login string
	for _, d := range c.Differences {
		if d.Figure == "p50" && d.Request == "" {
			p50 = d.Text
		} else if d.Figure == "p50" {
			login = d.Request + " " + d.Text
		}
	}
	if c.Verdict != baseline.Worse || len(c.Warnings) != 0 || !strings.HasPrefix(p50, "2") || !strings.Contains(p50, "% slower (") || !strings.HasPrefix(login, "login ") {
		t.Errorf("%s %q %q %q", c.Verdict, c.Warnings, p50, login)
	}
	c = Compared(threeRuns(), measured("now", 5000, 4), 0)
	if c.Verdict != baseline.Same || !strings.HasPrefix(c.Differences[1].Text, "no difference; one of ") {
		t.Errorf("%s: %+v", c.Verdict, c.Differences)
	}
}

// Reasons why a comparison may be unreliable are warnings; reasons that make it meaningless replace the verdict.
func TestComparisonWithoutVerdict(t *testing.T) {
	now := measured("now", 6000, 4)
	for name, c := range map[string]struct {
		change func(*Report)
		want   string
	}{
		"other kind": {func(r *Report) { r.Kind = "avalanche" }, "b is avalanche, now is tsunami"},
		"old report": {func(r *Report) { r.Blocks = nil }, "b (version 1.0) has no figures by the second"},
		"too short":  {func(r *Report) { r.Blocks = r.Blocks[:19] }, "19 measured seconds"},
	} {
		base := threeRuns()
		c.change(base[1])
		if got := Compared(base, now, 0); !strings.Contains(got.NoVerdict, c.want) || got.Verdict != "" {
			t.Errorf("%s: %q %q", name, got.NoVerdict, got.Verdict)
		}
	}
	limited := measured("a", 5000, 1)
	limited.Generator.Limited, limited.AskedRateRPS, limited.Landfall = true, 50, "0.9"
	got := strings.Join(Compared([]*Report{limited}, now, 0).Warnings, "\n")
	for _, want := range []string{"a: the drivers, not the target", "different versions", "different rates", "a baseline of 3 runs"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
}

func TestGates(t *testing.T) {
	worse, same := Compared(threeRuns(), measured("now", 6000, 4), 0), Compared(threeRuns(), measured("now", 5000, 4), 0)
	for expr, want := range map[string]bool{
		"p50>+10%": true, "p50>10%": true, "p50>+50%": false, "p50{request=login}>+10%": true, "worse": true,
		"p50{request=logout}>+10%": true, "failed>+0.5%": false, "p50<-5%": false, "rate<-5%": false,
	} {
		g, err := ParseGate(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := g.Crossed(worse); (got != "") != want {
			t.Errorf("%s: %q", expr, got)
		}
		if got := g.Crossed(same); got != "" && !strings.Contains(expr, "logout") {
			t.Errorf("%s without a difference: %q", expr, got)
		}
		if got := g.Crossed(&Comparison{NoVerdict: "too short"}); got != "no verdict: too short" {
			t.Errorf("%s without a verdict: %q", expr, got)
		}
	}
	for _, bad := range []string{"", "p99", "p99>10", "p98>10%", "p99<10%", "p99>-10%", "p99=10%", "better"} {
		if _, err := ParseGate(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestComparisonJSON(t *testing.T) {
	text, err := json.Marshal(Compared(threeRuns(), measured("now", 6000, 4), 0))
	if err != nil || !bytes.Contains(text, []byte(`"verdict":"worse"`)) || !bytes.Contains(text, []byte(`"figure":"p50","base":`)) {
		t.Errorf("%v %.300s", err, text)
	}
}
