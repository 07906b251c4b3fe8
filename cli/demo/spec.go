package demo

import (
	"time"

	"landfall/loadgen"
)

// Spec is the run that the demo does by itself: a tsunami of 1,000 requests per second for 10 s.
func Spec(target string) loadgen.Spec {
	return loadgen.Spec{
		Name: "demo", Kind: loadgen.Tsunami, Target: target, RateRPS: 1000, Duration: loadgen.Duration(10 * time.Second),
	}
}
