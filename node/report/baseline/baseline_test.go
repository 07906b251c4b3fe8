package baseline

import (
	"flag"
	"math"
	"math/rand/v2"
	"testing"

	"landfall/loadgen/hdr"
)

var trials = flag.Int("trials", 12, "how often each synthetic series is compared; 1000 for the full proof")

// world generates runs with known parameters.
type world struct {
	seconds, perSecond int
	sigma              float64 // of one latency, log-normal around 5 ms
	tail               float64 // share of latencies that are drawn from a Pareto distribution instead
	drift              float64 // of whole runs, standard deviation of the logarithm
	wave, phi          float64 // noise common to a second and its correlation with the next
	factor             float64 // of all latencies
}

func (w world) run(rng *rand.Rand) Run {
	run := make(Run, w.seconds)
	level := math.Log(5000*w.factor) + w.drift*rng.NormFloat64()
	wave := w.wave * rng.NormFloat64()
	for i := range run {
		h := hdr.New()
		for range w.perSecond {
			v := math.Exp(level + wave + w.sigma*rng.NormFloat64())
			if rng.Float64() < w.tail {
				v = math.Exp(level+wave) * 4 / math.Pow(1-rng.Float64(), 1/1.5)
			}
			h.Record(int64(v))
		}
		run[i] = Second{Latency: h, Requests: int64(w.perSecond), Length: 1}
		wave = w.phi*wave + w.wave*math.Sqrt(1-w.phi*w.phi)*rng.NormFloat64()
	}
	return run
}

func (w world) slower(by float64) world { w.factor *= by; return w }

func (w world) baseline(rng *rand.Rand, n int) (list []Run) {
	for range n {
		list = append(list, w.run(rng))
	}
	return list
}

// called counts, by figure, how often a run of other is judged different from a baseline of n runs of w.
func called(t *testing.T, w, other world, n int) map[string]int {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	count := map[string]int{}
	for range *trials {
		list, err := Compare(w.baseline(rng, n), other.run(rng), 0)
		if err != nil {
			t.Fatal(err)
		}
		any := 0
		for _, d := range list {
			if d.Verdict != Same {
				count[d.Figure]++
				any = 1
			}
		}
		count["any"] += any
	}
	return count
}

var worlds = map[string]world{
	"independent":  {seconds: 60, perSecond: 100, sigma: .3, factor: 1},
	"correlated":   {seconds: 60, perSecond: 100, sigma: .3, wave: .05, phi: .7, factor: 1},
	"heavy tailed": {seconds: 60, perSecond: 100, sigma: .3, tail: .03, factor: 1},
	"runs drift":   {seconds: 60, perSecond: 100, sigma: .3, drift: .08, factor: 1},
	"everything":   {seconds: 40, perSecond: 60, sigma: .5, tail: .02, drift: .05, wave: .05, phi: .6, factor: 1},
}

// At most one in twenty comparisons of a run with three equal ones reports a difference, whatever the noise.
func TestEqualRunsAreTheSame(t *testing.T) {
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for figure, n := range called(t, w, w, 3) {
				// Two standard deviations of the binomial distribution are added, to allow for chance.
				most := .05*float64(*trials) + 2*math.Sqrt(.05*.95*float64(*trials))
				if figure != "any" && float64(n) > most {
					t.Errorf("%s was called different %d times of %d", figure, n, *trials)
				}
			}
		})
	}
}

// Latencies that are 10 % longer are detected in at least 19 of 20 comparisons of a run of one minute with three others.
func TestTenPercentAreFound(t *testing.T) {
	for _, name := range []string{"independent", "heavy tailed"} {
		w := worlds[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			count := called(t, w, w.slower(1.1), 3)
			for _, figure := range []string{"p50", "mean"} {
				if name == "heavy tailed" && figure == "mean" {
					continue // its mean does not converge within a minute
				}
				if n := count[figure]; n < *trials*19/20 {
					t.Errorf("%s was found worse %d times of %d", figure, n, *trials)
				}
			}
		})
	}
}

// If whole runs differ by 8 %, a change of 10 % cannot be distinguished from chance, and the verdict states
// what could.
func TestDriftIsNotCalledADifference(t *testing.T) {
	w := worlds["runs drift"]
	rng := rand.New(rand.NewPCG(3, 3))
	seen := 0.0
	for range 30 {
		list, err := Compare(w.baseline(rng, 3), w.run(rng), 0)
		if err != nil {
			t.Fatal(err)
		}
		seen += list[1].Seen / 30
	}
	if seen < .2 {
		t.Errorf("claims to detect a p50 only %.0f %% slower", 100*seen)
	}
}

// Against a single run, changes below the limit are no differences; twice the latency is one.
func TestSingleRun(t *testing.T) {
	w := worlds["independent"]
	rng := rand.New(rand.NewPCG(1, 1))
	base := []Run{w.run(rng)}
	for factor, want := range map[float64]Verdict{1: Same, 1.06: Same, 2: Worse, .5: Better} {
		list, err := Compare(base, w.slower(factor).run(rng), 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := list[1]; got.Figure != "p50" || got.Verdict != want {
			t.Errorf("%v times: %+v, want %s", factor, got, want)
		}
	}
	list, err := Compare(base, w.slower(1.06).run(rng), .03)
	if err != nil || list[1].Verdict != Worse {
		t.Errorf("with a least change of 3 %%: %+v %v", list[1], err)
	}
}

func TestShortRunsGetNoVerdict(t *testing.T) {
	w := worlds["independent"]
	rng := rand.New(rand.NewPCG(1, 1))
	long, short := w.run(rng), w.run(rng)[:MinSeconds-1]
	for name, c := range map[string]struct {
		base []Run
		now  Run
	}{"no baseline": {nil, long}, "short": {[]Run{long}, short}, "short baseline": {[]Run{long, short, long}, long}} {
		if list, err := Compare(c.base, c.now, 0); err == nil {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

// Failures are compared in points: from 0 to 3 % is a difference, from 0 to 0.05 % is not.
func TestFailed(t *testing.T) {
	w := worlds["independent"]
	rng := rand.New(rand.NewPCG(5, 5))
	failing := func(share float64) Run {
		r := w.run(rng)
		for i := range r {
			for range r[i].Requests {
				if rng.Float64() < share {
					r[i].Failed++
				}
			}
		}
		return r
	}
	for share, want := range map[float64]Verdict{0: Same, .0005: Same, .03: Worse} {
		list, err := Compare([]Run{failing(0), failing(0), failing(0)}, failing(share), 0)
		if err != nil {
			t.Fatal(err)
		}
		d := list[5]
		if d.Figure != "failed" || d.Verdict != want || math.Abs(d.Change-share) > .01 || !d.IsShare() || d.IsTime() {
			t.Errorf("%v failed: %+v, want %s", share, d, want)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	base, now := worlds["independent"].baseline(rng, 3), worlds["independent"].run(rng)
	for b.Loop() {
		if _, err := Compare(base, now, 0); err != nil {
			b.Fatal(err)
		}
	}
}
