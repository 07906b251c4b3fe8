package baseline

import (
	"math"
	"slices"
	"testing"

	"landfall/loadgen/hdr"
)

func TestFigures(t *testing.T) {
	sum := total{latency: hdr.New()}
	for second := range 4 {
		h := hdr.New()
		for us := int64(1); us <= 100; us++ {
			h.Record(us * 10)
		}
		sum.add(Second{Latency: h, Requests: 110, Failed: int64(10 * (second % 2)), Length: 1})
	}
	sum.add(Second{Length: 1}) // in which no response came
	want := map[string]float64{"mean": 505, "p50": 500, "p90": 900, "p95": 950, "p99": 990, "failed": 20. / 440, "rate": 440. / 5}
	for _, name := range Figures() {
		if got := figureNamed(name).of(sum); math.Abs(got/want[name]-1) > .01 {
			t.Errorf("%s: %v, want %v", name, got, want[name])
		}
		delete(want, name)
	}
	if len(want) > 0 || figureNamed("p100").of != nil {
		t.Errorf("not compared: %v", want)
	}
	empty := total{latency: hdr.New()}
	for _, name := range []string{"failed", "rate"} {
		if v := figureNamed(name).of(empty); v != 0 {
			t.Errorf("%s of nothing: %v", name, v)
		}
	}
}

// Times and rates are compared by factors, shares by points; only the latter can be 0.
func TestScaleOfAFigure(t *testing.T) {
	for _, f := range figures {
		for _, v := range []float64{.001, .25, 1, 5000} {
			if again := f.unscale(f.scale(v)); math.Abs(again/v-1) > 1e-12 {
				t.Errorf("%s: %v becomes %v", f.name, v, again)
			}
		}
		share := slices.Contains([]string{"failed"}, f.name)
		if f.defined(0) != share {
			t.Errorf("%s: a value of 0 is compared: %t", f.name, f.defined(0))
		}
		want := 1. // twice as much is a change of 100 %
		if share {
			want = .2
		}
		if got := f.relative(f.scale(.4) - f.scale(.2)); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: from 0.2 to 0.4 is a change of %v, want %v", f.name, got, want)
		}
	}
}
