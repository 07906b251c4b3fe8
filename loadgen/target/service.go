package target

import (
	"math"
	"math/rand/v2"
	"time"
)

// serviceTime is a random service time for each request, log-normal like those of real services: half of them
// are below the median, and the logarithm has the standard deviation sigma. The mean is median·exp(sigma²/2).
func serviceTime(median time.Duration, sigma float64) delay {
	return func(moment) time.Duration { return logNormal(median, sigma) }
}

// logNormal draws a time, at most an hour.
func logNormal(median time.Duration, sigma float64) time.Duration {
	if sigma == 0 {
		return median
	}
	return time.Duration(min(float64(median)*math.Exp(sigma*rand.NormFloat64()), float64(time.Hour)))
}

// medianOf is the median of a log-normal time whose mean is given.
func medianOf(mean time.Duration, sigma float64) time.Duration {
	return time.Duration(float64(mean) * math.Exp(-sigma*sigma/2))
}
