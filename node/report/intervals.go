package report

import (
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
)

// intervalsKept limits a report: in a run longer than ten hours, each interval covers several seconds.
const intervalsKept = 36_000

func (r *Report) addIntervals(run *fleet.Run) {
	whole := r.whole(&run.Intervals)
	step := (whole + intervalsKept - 1) / intervalsKept
	r.Intervals = []Interval{}
	load := loadTime(run, time.Duration(r.DurationMS)*time.Millisecond)
	for i := 0; i < whole; i += step {
		seconds := min(step, whole-i)
		one := intervalOf(run, i, seconds, load.Milliseconds())
		one.AskedRPS, _ = run.Asked(i + seconds/2)
		r.Intervals = append(r.Intervals, one)
	}
	if len(r.Intervals) == 0 {
		return
	}
	for _, e := range run.Events {
		at := e.At.Sub(run.T0)
		i := min(max(int(at/time.Second)/step, 0), len(r.Intervals)-1)
		r.Intervals[i].Events = append(r.Intervals[i].Events, Event{
			AtMS: at.Milliseconds(), Kind: string(e.Kind), NodeID: e.NodeID, By: e.By, Text: e.Text,
		})
	}
}

// WholeSeconds returns the number of whole seconds of load until now (broker's clock): the seconds that have a rate.
func WholeSeconds(run *fleet.Run, now time.Time) int {
	if run.T0.IsZero() {
		return 0
	}
	return int(loadTime(run, runTime(run, now)) / time.Second)
}

// whole returns the number of intervals, without an empty last one. If a run ends on a whole second, the drivers' final
// snapshots, which have no requests, start another interval.
func (r *Report) whole(all *fleet.Intervals) int {
	n := all.Len()
	if n > 1 && int64(n-1)*1000 >= r.DurationMS {
		if last := all.Figures(n - 1); last.Delta.Requests+last.Delta.Dropped == 0 {
			n--
		}
	}
	return n
}

// intervalOf merges seconds into one interval. Percentiles cannot be merged, so it has those of its slowest second. An
// interval that extends beyond the load is incomplete and has no rate.
func intervalOf(run *fleet.Run, from, seconds int, loadMS int64) Interval {
	var total loadgen.Counts
	var present, expected int64
	one := Interval{AtMS: int64(from) * 1000, Events: []Event{}}
	for n := range seconds {
		in := run.Intervals.At(from + n)
		total.Add(in.Delta)
		one.Users, one.Checks, one.BadChecks = in.Users, one.Checks+in.Checks, one.BadChecks+in.BadChecks
		present += int64(in.Present)
		expected += int64(in.Expected)
		one.P50US, one.P95US, one.P99US = max(one.P50US, in.P50US), max(one.P95US, in.P95US), max(one.P99US, in.P99US)
	}
	one.Requests, one.Responses, one.Errors, one.Unexpected, one.Dropped = total.Requests, total.Responses, sum(total.Errors), total.Unexpected, total.Dropped
	one.Iterations, one.IterFailed = total.Iterations, total.IterationsFailed
	if one.AtMS+1000*int64(seconds) <= loadMS {
		rate := round(float64(one.Requests) / float64(seconds))
		one.RateRPS = &rate
	}
	one.Coverage = ratio(present, expected)
	return one
}
