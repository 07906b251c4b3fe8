package baseline

import (
	"math"
	"math/rand/v2"

	"landfall/loadgen/hdr"
)

// resamples is the number of bootstrap resamples of a run. They determine the noise to within about 5 %.
const resamples = 200

// sample is a run's figures with the standard deviation of each, on the figure's scale, within the run.
type sample struct{ value, noise []float64 }

// sampleOf estimates a run's figures. The seed makes the result repeatable; each run has its own.
func sampleOf(r Run, seed uint64) sample {
	whole := total{latency: hdr.New()}
	for _, s := range r {
		whole.add(s)
	}
	s := sample{value: make([]float64, len(figures)), noise: make([]float64, len(figures))}
	for i, f := range figures {
		s.value[i] = f.of(whole)
	}
	length := blockLength(r)
	rng := rand.New(rand.NewPCG(0x1a2df411, seed))
	var sum, squares [16]float64
	again := total{latency: whole.latency}
	for range resamples {
		again.latency.Reset()
		again = total{latency: again.latency}
		draw(r, length, rng, &again)
		for i, f := range figures {
			v := f.scale(math.Max(f.of(again), 1e-12))
			sum[i], squares[i] = sum[i]+v, squares[i]+v*v
		}
	}
	for i := range figures {
		mean := sum[i] / resamples
		s.noise[i] = math.Sqrt(math.Max(squares[i]/resamples-mean*mean, 0))
	}
	return s
}

// draw resamples a run of the same length from blocks of consecutive seconds. Blocks wrap around from the last second to the
// first, so that all seconds are drawn equally often (the circular bootstrap of Politis and Romano 1992).
func draw(r Run, length int, rng *rand.Rand, into *total) {
	for n := 0; n < len(r); {
		at := rng.IntN(len(r))
		for i := 0; i < length && n < len(r); i++ {
			into.add(r[(at+i)%len(r)])
			n++
		}
	}
}

// blockLength returns the number of seconds in a block: the more correlated neighbouring seconds are, the longer.
// It is the best length for the mean of a series whose correlation falls like that of an autoregression:
// (√6·φ/(1-φ²))^⅔·n^⅓, Carlstein 1986, with φ the greater of the lag-1 correlations of
// the medians and of the means.
func blockLength(r Run) int {
	n := float64(len(r))
	var medians, means []float64
	for _, s := range r {
		if s.Latency != nil && s.Latency.Count() > 0 {
			medians = append(medians, math.Log(float64(s.Latency.Quantile(.5))))
			means = append(means, math.Log(s.Latency.Mean()))
		}
	}
	// A short series underestimates its correlation, by (1+3φ)/n and by chance: both are corrected.
	phi := max(correlation(medians), correlation(means), 0)
	phi = min(phi+(1+3*phi)/n+1/math.Sqrt(n)/2, 0.95)
	length := math.Pow(math.Sqrt(6)*phi/(1-phi*phi), 2./3) * math.Cbrt(n)
	return max(1, min(int(math.Round(length)), len(r)/4))
}

// correlation returns the lag-1 autocorrelation of a series; 0 for a constant one.
func correlation(x []float64) float64 {
	mean := 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	var with, all float64
	for i, v := range x {
		all += square(v - mean)
		if i > 0 {
			with += (v - mean) * (x[i-1] - mean)
		}
	}
	if all == 0 {
		return 0
	}
	return with / all
}

// quantiles975 are the quantiles of Student's t at 97.5 %, by degrees of freedom from 1.
var quantiles975 = []float64{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086}

// student returns the half width of a 95 % interval, in standard deviations that were estimated with this many degrees of freedom.
func student(freedom int) float64 {
	switch {
	case freedom < 1:
		return math.Inf(1)
	case freedom <= len(quantiles975):
		return quantiles975[freedom-1]
	case freedom == math.MaxInt:
		return 1.960
	}
	return 1.960 + 2.5/float64(freedom) // within 0.2 % from 20 on
}
