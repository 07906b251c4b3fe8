package fleet

import (
	"strings"
	"time"

	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
)

// Series provides a run's figures by the second to conditions.
type Series struct{ run *Run }

// Series returns the run's figures by the second, valid until the next Apply.
func (r *Run) Series() Series { return Series{r} }

// Warmup returns how many of the first seconds are excluded from figures.
func (r *Run) Warmup() int {
	return int((r.Spec.Warmup.Std() + time.Second - 1) / time.Second)
}

// Complete returns how many of the first seconds all drivers have reported, or could have.
func (r *Run) Complete() int {
	n := r.Intervals.Len()
	for n > 0 && n > r.Intervals.Len()-2 && r.Intervals.At(n-1).Present < r.Intervals.At(n-1).Expected {
		n--
	}
	return n
}

// Histogram returns an interval's measurements; none once the run's report is written. It must not be
// changed.
func (i *Interval) Histogram() *hdr.Histogram {
	if i.live == nil && i.packed != nil {
		if h, err := hdr.Unpack(i.packed); err == nil {
			return h
		}
	}
	if i.live == nil {
		return hdr.New()
	}
	return i.live
}

// Stage implements [condition.Series]: it returns the whole seconds of a stage of the spec.
func (s Series) Stage(n int) (from, to int, ok bool) {
	if n < 1 || n > len(s.run.Spec.Stages) {
		return 0, 0, false
	}
	var start time.Duration
	for _, stage := range s.run.Spec.Stages[:n-1] {
		start += stage.Duration.Std()
	}
	end := s.run.Intervals.Len()
	if d := s.run.Spec.Stages[n-1].Duration.Std(); d > 0 {
		end = int((start + d) / time.Second)
	}
	return int((start + time.Second - 1) / time.Second), end, true
}

// Between implements [condition.Series].
func (s Series) Between(label condition.Label, from, to int) (condition.Figures, bool) {
	to = min(to, s.run.Intervals.Len())
	f := condition.Figures{Seconds: float64(to - from)}
	if label == (condition.Label{}) {
		return s.all(f, from, to), true
	}
	return s.part(f, label, from, to)
}

func (s Series) all(f condition.Figures, from, to int) condition.Figures {
	var present, expected int
	latency := hdr.New()
	for _, i := range s.run.Intervals.between(from, to, selection{maps: true}) {
		f.Requests += i.Delta.Requests
		f.Responses += i.Delta.Responses
		f.Unexpected += i.Delta.Unexpected
		f.Dropped += i.Delta.Dropped
		f.Checks += i.Checks
		f.FailedChecks += i.BadChecks
		present += i.Present
		expected += i.Expected
		latency.Merge(i.Histogram())
	}
	f.Latency = latency
	f.Coverage = 1
	if expected > 0 {
		f.Coverage = min(float64(present)/float64(expected), 1)
	}
	return f
}

func (s Series) part(f condition.Figures, label condition.Label, from, to int) (condition.Figures, bool) {
	code := label.Name == "status" && !strings.HasSuffix(label.Value, "xx")
	latency, known := hdr.New(), code || label.Name == "status"
	labels := partLabels(s.run.Spec, label)
	for _, i := range s.run.Intervals.between(from, to, selection{maps: true, labels: labels}) {
		if code {
			f.Responses += i.Delta.Statuses[label.Value]
			continue
		}
		for _, l := range labels {
			if p := i.Parts[l]; p != nil {
				known = true
				p.addTo(&f, latency)
			}
		}
	}
	f.Latency, f.Coverage = latency, 1
	return f, known
}

// addTo adds the part's figures to f.
func (p *Part) addTo(f *condition.Figures, latency *hdr.Histogram) {
	f.Requests += p.Requests
	f.Responses += p.Requests - p.Errors
	f.Unexpected += p.Unexpected
	f.Dropped += p.Dropped
	f.Checks += p.Checks
	f.FailedChecks += p.BadChecks
	latency.Merge(p.histogram())
}
