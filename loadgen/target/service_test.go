package target

import (
	"math"
	"slices"
	"testing"
	"time"
)

// With 200,000 draws, the bounds of 1.5 % fail by chance in less than one of a million runs.
func TestServiceTimeIsLogNormal(t *testing.T) {
	const n, sigma = 200_000, 0.5
	draw := serviceTime(5*time.Millisecond, sigma)
	times, sum := make([]time.Duration, n), 0.0
	for i := range times {
		times[i] = draw(moment{})
		sum += float64(times[i])
	}
	slices.Sort(times)
	near := func(what string, got, want float64) {
		if math.Abs(got/want-1) > 0.015 {
			t.Errorf("%s %.3f ms, want %.3f ms", what, got/1e6, want/1e6)
		}
	}
	near("median", float64(times[n/2]), 5e6)
	near("mean", sum/n, 5e6*math.Exp(sigma*sigma/2))
	near("84.13th percentile", float64(times[n*8413/10000]), 5e6*math.Exp(sigma))
}

func TestServiceTimeWithSigma0IsConstant(t *testing.T) {
	if got := serviceTime(5*time.Millisecond, 0)(moment{}); got != 5*time.Millisecond {
		t.Errorf("%s, want 5 ms", got)
	}
}

func TestMedianOf(t *testing.T) {
	if got, want := medianOf(10*time.Millisecond, 1), 6065306*time.Nanosecond; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
