package loadgen

import (
	"math"
	"slices"
	"time"
)

// Schedule is a rate over time, as consecutive stages. Request k is due when the integral of the rate reaches k: request 0 is due at
// the start of the first stage with a rate above zero.
type Schedule []Stage

// from returns the rate at the start of stage i, in requests per second.
func (s Schedule) from(i int) float64 {
	switch {
	case s[i].From != nil:
		return *s[i].From
	case i == 0:
		return 0
	}
	return s[i-1].To
}

// Flat reports whether the rate is constant within stage i.
func (s Schedule) Flat(i int) bool { return s.from(i) == s[i].To }

// seconds returns the length of stage i, infinite for a stage without an end.
func (s Schedule) seconds(i int) float64 {
	if s[i].Duration <= 0 {
		return math.Inf(1)
	}
	return s[i].Duration.Std().Seconds()
}

// due returns the integral of the rate over the first x seconds of a stage. The explicit conversions prevent fused multiply-add, so
// that all machines agree on the last bit.
func (s Schedule) due(i int, x float64) float64 {
	a, b, l := s.from(i), s[i].To, s.seconds(i)
	if math.IsInf(l, 1) {
		return float64(b * x)
	}
	ramp := float64((b - a) / l)
	return float64(a*x) + float64(float64(ramp*x)*x)/2
}

// when is the inverse of due: the seconds into stage i after which the integral is n.
func (s Schedule) when(i int, n float64) float64 {
	a, b, l := s.from(i), s[i].To, s.seconds(i)
	if n <= 0 {
		return 0
	}
	if math.IsInf(l, 1) {
		return n / b
	}
	ramp := float64((b - a) / l)
	if ramp == 0 {
		return n / a
	}
	// The root of ramp/2·x² + a·x = n in the form without cancellation.
	root := math.Sqrt(math.Max(0, float64(a*a)+float64(2*ramp*n)))
	return float64(2*n) / (a + root)
}

// Due returns when request k is due, since the start of the schedule; false if never. k may have a fraction.
func (s Schedule) Due(k float64) (time.Duration, bool) {
	start, before := 0.0, 0.0
	for i := range s {
		l := s.seconds(i)
		inStage := 0.0
		if s.from(i) > 0 || s[i].To > 0 {
			inStage = s.due(i, l)
		}
		if rest := k - before; rest < inStage {
			if rest < 0 {
				rest = 0
			}
			return duration(start + s.when(i, rest)), true
		}
		start, before = start+l, before+inStage
	}
	return 0, false
}

// duration returns x seconds, rounded up, so that no request is early.
func duration(x float64) time.Duration {
	ns := math.Ceil(float64(x*1e9) - 1e-3)
	if ns >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(ns)
}

// Count returns the number of requests that are due in [0, t).
func (s Schedule) Count(t time.Duration) int64 {
	if t <= 0 {
		return 0
	}
	n := s.integral(t)
	k := int64(math.Ceil(n))
	// Rounding may be off by one either way; Due decides.
	for k > 0 {
		if d, ok := s.Due(float64(k - 1)); ok && d < t {
			break
		}
		k--
	}
	for {
		if d, ok := s.Due(float64(k)); !ok || d >= t {
			return k
		}
		k++
	}
}

func (s Schedule) integral(t time.Duration) (n float64) {
	x := t.Seconds()
	for i := range s {
		l := s.seconds(i)
		n += s.due(i, min(x, l))
		if x -= l; x <= 0 {
			break
		}
	}
	return n
}

// Rate returns the rate at t in requests per second, 0 after the last stage.
func (s Schedule) Rate(t time.Duration) float64 {
	x := t.Seconds()
	for i := range s {
		l := s.seconds(i)
		if x < l {
			if math.IsInf(l, 1) {
				return s[i].To
			}
			return s.from(i) + (s[i].To-s.from(i))*x/l
		}
		x -= l
	}
	return 0
}

// Peak returns the highest rate of the schedule in requests per second.
func (s Schedule) Peak() (rps float64) {
	for i := range s {
		rps = max(rps, s.from(i), s[i].To)
	}
	return rps
}

// Scaled returns the schedule with every rate multiplied by factor.
func (s Schedule) Scaled(factor float64) Schedule {
	scaled := make(Schedule, len(s))
	for i, stage := range s {
		stage.To *= factor
		if stage.From != nil {
			from := *stage.From * factor
			stage.From = &from
		}
		scaled[i] = stage
	}
	return scaled
}

// After returns the rest of the schedule from t on.
func (s Schedule) After(t time.Duration) Schedule {
	if t <= 0 {
		return s
	}
	var left Schedule
	for i := range s {
		stage := s[i]
		from := s.from(i)
		switch {
		case stage.Duration <= 0:
			from = stage.To
		case t >= stage.Duration.Std():
			t -= stage.Duration.Std()
			continue
		case t > 0:
			from += (stage.To - from) * float64(t) / float64(stage.Duration)
			stage.Duration -= Duration(t)
		}
		t = 0
		stage.From = &from
		left = append(left, stage)
	}
	return left
}

// until returns the part of the schedule before t.
func (s Schedule) until(t time.Duration) Schedule {
	var list Schedule
	for i := range s {
		stage, from := s[i], s.from(i)
		if stage.Duration <= 0 {
			from = stage.To
		}
		if stage.Duration <= 0 || stage.Duration.Std() >= t {
			if stage.Duration > 0 {
				stage.To = from + (stage.To-from)*float64(t)/float64(stage.Duration)
			}
			stage.From, stage.Duration = &from, Duration(t)
			return append(list, stage)
		}
		list, t = append(list, stage), t-stage.Duration.Std()
	}
	return list
}

// Sum returns the schedule whose rate is the sum of the rates of list.
func Sum(list []Schedule) Schedule {
	var ends []time.Duration
	endless := false
	for _, s := range list {
		at := time.Duration(0)
		for _, stage := range s {
			if endless = endless || stage.Duration <= 0; stage.Duration > 0 {
				at += stage.Duration.Std()
				ends = append(ends, at)
			}
		}
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	var sum Schedule
	before := time.Duration(0)
	for _, end := range ends {
		sum = append(sum, sumStage(list, before, end))
		before = end
	}
	if endless {
		sum = append(sum, sumStage(list, before, 0))
	}
	return sum
}

// sumStage returns the stage from from to to of the sum of schedules, of which no stage starts or ends in between. If to is 0, the stage
// has no end.
func sumStage(list []Schedule, from, to time.Duration) Stage {
	a, b := 0.0, 0.0
	for _, s := range list {
		start := time.Duration(0)
		for i, stage := range s {
			length := stage.Duration.Std()
			if length > 0 && from >= start+length {
				start += length
				continue
			}
			if length <= 0 {
				a, b = a+stage.To, b+stage.To
			} else {
				ramp := (stage.To - s.from(i)) / float64(length)
				a += s.from(i) + ramp*float64(from-start)
				b += s.from(i) + ramp*float64(to-start)
			}
			break
		}
	}
	stage := Stage{From: &a, To: b}
	if to > 0 {
		stage.Duration = Duration(to - from)
	}
	return stage
}

// Stage is a part of a schedule in which the rate changes linearly.
type Stage struct {
	Duration Duration `json:"duration_us,omitempty" yaml:"duration"`    // 0: no end (last stage only)
	From     *float64 `json:"from_rps,omitempty" yaml:"from,omitempty"` // default: the rate at the end of the previous stage, 0 for the first one
	To       float64  `json:"to_rps" yaml:"rate"`
	Users    int      `json:"users,omitempty" yaml:"users,omitempty"` // instead of a rate, for an avalanche with scenarios: concurrent users at the end of the stage
}

// Constant returns a schedule with one rate, without an end.
func Constant(rate float64) []Stage { return []Stage{{From: &rate, To: rate}} }

// Length returns the total duration of the stages; 0 if the last one has no end.
func (s Schedule) Length() (d time.Duration) {
	for _, stage := range s {
		if stage.Duration == 0 {
			return 0
		}
		d += stage.Duration.Std()
	}
	return d
}
