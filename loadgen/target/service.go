package target

import (
	"math"
	"math/rand/v2"
	"time"
)

// serviceTime is a log-normal service time, similar to that of real services. sigma is the standard deviation of its logarithm. The mean
// is median·exp(sigma²/2).
func serviceTime(median time.Duration, sigma float64) delay {
	return func(moment) time.Duration { return logNormal(median, sigma) }
}

// logNormal draws a time of at most one hour.
func logNormal(median time.Duration, sigma float64) time.Duration {
	if sigma == 0 {
		return median
	}
	return time.Duration(min(float64(median)*math.Exp(sigma*rand.NormFloat64()), float64(time.Hour)))
}

// medianOf returns the median of a log-normal time with this mean.
func medianOf(mean time.Duration, sigma float64) time.Duration {
	return time.Duration(float64(mean) * math.Exp(-sigma*sigma/2))
}
