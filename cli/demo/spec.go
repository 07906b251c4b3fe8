package demo

import (
	"time"

	"landfall/loadgen"
)

// Spec returns the demo's own run: a tsunami of 1,000 requests per second for 10 s, which passes if the
// sample target answers.
func Spec(target string) loadgen.Spec {
	return loadgen.Spec{
		Name: "demo", Kind: loadgen.Tsunami, Target: target, RateRPS: 1000, Duration: loadgen.Duration(10 * time.Second),
		Thresholds: []loadgen.Threshold{{Expr: "failed<1%"}},
	}
}

// Shown returns the demo's first run on a terminal: one minute of waves, with thresholds that the sample
// target meets.
func Shown(target string) loadgen.Spec {
	stage := func(seconds int, rate float64) loadgen.Stage {
		return loadgen.Stage{Duration: loadgen.Duration(time.Duration(seconds) * time.Second), To: rate}
	}
	return loadgen.Spec{
		Name: "first wave", Kind: loadgen.Tsunami, Target: target,
		Stages:     []loadgen.Stage{stage(10, 800), stage(15, 800), stage(10, 1500), stage(10, 1500), stage(15, 300)},
		Thresholds: []loadgen.Threshold{{Expr: "p99<250ms"}, {Expr: "errors<1%"}},
	}
}
