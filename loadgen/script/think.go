package script

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// maxThink is the maximum length of a pause.
const maxThink = 24 * time.Hour

// Think is a pause: fixed, uniform between two times, or exponential with a mean.
type Think struct {
	from, to    time.Duration
	exponential bool
}

// ParseThink parses 2s (fixed), 1s..3s (uniform) or exp(2s) (exponential).
func ParseThink(text string) (t Think, err error) {
	const want = "must be a pause such as 2s, 1s..3s (uniform) or exp(2s) (exponential), up to 24h"
	least, most, uniform := strings.Cut(strings.TrimSpace(text), "..")
	if inner, ok := strings.CutPrefix(least, "exp("); ok && !uniform && strings.HasSuffix(inner, ")") {
		t.exponential, least = true, strings.TrimSuffix(inner, ")")
	}
	if !uniform {
		most = least
	}
	if t.from, err = time.ParseDuration(strings.TrimSpace(least)); err != nil {
		return t, errors.New(want)
	}
	if t.to, err = time.ParseDuration(strings.TrimSpace(most)); err != nil || t.from < 0 || t.to < t.from || t.to > maxThink {
		return t, errors.New(want)
	}
	return t, nil
}

// Draw returns the length of one pause.
func (t Think) Draw(random *rand.PCG) time.Duration {
	switch {
	case t.exponential:
		u := float64(random.Uint64()>>11+1) / (1 << 53) // in (0, 1]
		return min(time.Duration(-math.Log(u)*float64(t.from)), maxThink)
	case t.to > t.from:
		return t.from + time.Duration(random.Uint64()%uint64(t.to-t.from+1))
	}
	return t.from
}
