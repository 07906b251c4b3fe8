// Package baseline decides whether a run is worse than a baseline of earlier runs, and with what confidence. It does not depend on
// reports: a run is a series of seconds with their histograms.
//
// Requests of one second are not independent of each other, and neither are neighbouring seconds. The noise within a run is
// therefore estimated by a moving-block bootstrap: runs are resampled from blocks of consecutive seconds (Künsch 1989; block
// length after Carlstein 1986). The bootstrap cannot show how much one whole run differs from the next on the same machines. A
// baseline of several runs can: the interval of a difference is then the prediction interval of one more run, with Student's t
// because the runs are few. Resampling three whole runs instead would understate the noise: such a bootstrap reproduces only
// two thirds of their variance.
package baseline

import (
	"fmt"
	"math"

	"landfall/loadgen/hdr"
)

// MinSeconds is how many seconds a run must have to be compared.
const MinSeconds = 20

// Several is how many runs a baseline must have to show how much runs differ.
const Several = 3

// Second holds the measurements of one second, or of a few in a long run.
type Second struct {
	Latency  *hdr.Histogram // nil: nothing was answered
	Requests int64
	Failed   int64
	Length   float64 // in seconds
}

// Run is one run's measured part, second by second.
type Run []Second

// Verdict is the meaning of a difference.
type Verdict string

// The verdicts. Same: the difference is within the noise, or too small to matter.
const (
	Same   Verdict = "same"
	Worse  Verdict = "worse"
	Better Verdict = "better"
)

// Difference compares one figure of a run with its baseline.
type Difference struct {
	Figure  string  `json:"figure"`
	Base    float64 `json:"base"` // µs, a share from 0 to 1, or requests per second
	Now     float64 `json:"now"`
	Change  float64 `json:"change"` // (now - base) ÷ base; for shares now - base
	Low     float64 `json:"low"`    // the 95 % interval of the change
	High    float64 `json:"high"`
	Seen    float64 `json:"seen"` // the smallest change that would have been detected
	Verdict Verdict `json:"verdict"`
}

// IsShare reports whether the figure is a share, whose change is in points and not relative.
func (d Difference) IsShare() bool { return figureNamed(d.Figure).share }

// IsTime reports whether the figure is in microseconds.
func (d Difference) IsTime() bool { return figureNamed(d.Figure).time }

// negligible is the smallest relative change that counts as a difference, however certain it is; negligiblePoints that of shares.
const (
	negligible       = 0.01
	negligiblePoints = 0.001
)

// DefaultLeast is the smallest relative change that counts as a difference against fewer than [Several] runs.
const DefaultLeast = 0.10

// Compare compares a run with a baseline of one or more runs. Against fewer than [Several] runs only the noise within runs is
// known, so no change below least (relative; 0: [DefaultLeast]) counts as a difference. It fails if a run has fewer than
// [MinSeconds] seconds.
func Compare(base []Run, now Run, least float64) ([]Difference, error) {
	if len(base) == 0 {
		return nil, fmt.Errorf("compare: the baseline has no run")
	}
	for _, r := range append([]Run{now}, base...) {
		if len(r) < MinSeconds {
			return nil, fmt.Errorf("compare: a run has %d measured seconds, a verdict needs %d", len(r), MinSeconds)
		}
	}
	if least <= 0 {
		least = DefaultLeast
	}
	latest := sampleOf(now, 0)
	var earlier []sample
	for i, r := range base {
		earlier = append(earlier, sampleOf(r, uint64(i+1)))
	}
	var list []Difference
	for i, f := range figures {
		if d, ok := f.compare(i, earlier, latest, least); ok {
			list = append(list, d)
		}
	}
	return list, nil
}

// compare returns the difference of one figure; false: it cannot be determined.
func (f figure) compare(i int, base []sample, now sample, least float64) (Difference, bool) {
	mean, spread, within := 0.0, 0.0, now.noise[i]
	for _, s := range base {
		if !f.defined(s.value[i]) {
			return Difference{}, false
		}
		mean += f.scale(s.value[i]) / float64(len(base))
		within = max(within, s.noise[i])
	}
	if !f.defined(now.value[i]) {
		return Difference{}, false
	}
	for _, s := range base {
		spread += square(f.scale(s.value[i]) - mean)
	}
	half, floor := 0.0, negligible
	if f.share {
		floor = negligiblePoints
	}
	if n := float64(len(base)); len(base) >= Several {
		freedom := math.MaxInt
		if f.few {
			freedom = len(base) - 1
		}
		between := student(len(base)-1) * math.Sqrt(spread/(n-1)) // with the factor below: the prediction interval of one more run
		half = max(between, student(freedom)*within) * math.Sqrt(1+1/n)
	} else {
		half = student(math.MaxInt) * within * math.Sqrt(1+1/n)
		floor = max(floor, least)
		if f.share {
			floor = max(negligiblePoints, least/10)
		}
	}
	change := f.scale(now.value[i]) - mean
	d := Difference{Figure: f.name, Base: f.unscale(mean), Now: now.value[i], Change: f.relative(change),
		Low: f.relative(change - half), High: f.relative(change + half), Seen: max(f.relative(half), floor)}
	d.Verdict = f.judge(d, floor)
	return d, true
}

// judge reports a difference if the interval of the change does not contain 0 and the change is at least floor.
func (f figure) judge(d Difference, floor float64) Verdict {
	switch sure := d.Low > 0 || d.High < 0; {
	case !sure || math.Abs(d.Change) < floor:
		return Same
	case d.Change > 0 == f.lessIsBetter:
		return Worse
	}
	return Better
}

func square(x float64) float64 { return x * x }
