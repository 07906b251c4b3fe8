package report

import (
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
)

// intervalsKept limits a report: in a run longer than ten hours, each interval covers several seconds.
const intervalsKept = 36_000

func (r *Report) addIntervals(run *fleet.Run) {
	all := run.Intervals[:r.whole(run.Intervals)]
	step := (len(all) + intervalsKept - 1) / intervalsKept
	r.Intervals = []Interval{}
	load := loadTime(run, time.Duration(r.DurationMS)*time.Millisecond)
	for i := 0; i < len(all); i += step {
		seconds := all[i:min(i+step, len(all))]
		one := intervalOf(int64(i)*1000, seconds, load.Milliseconds())
		one.AskedRPS, _ = run.Asked(i + len(seconds)/2)
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

// WholeSeconds returns how many whole seconds of load a run has had at now (broker's clock): those that have
// a rate.
func WholeSeconds(run *fleet.Run, now time.Time) int {
	if run.T0.IsZero() {
		return 0
	}
	return int(loadTime(run, runTime(run, now)) / time.Second)
}

// whole is how many intervals there are without an empty one behind the end: drivers' last snapshots, which say no more than
// that they are the last, begin it where the run ends with a whole second.
func (r *Report) whole(all []*fleet.Interval) int {
	n := len(all)
	if n > 1 && int64(n-1)*1000 >= r.DurationMS && all[n-1].Delta.Requests+all[n-1].Delta.Dropped == 0 {
		n--
	}
	return n
}

// intervalOf merges seconds into one interval. Percentiles cannot be merged: it has those of its slowest second. An interval
// that reaches beyond the time of the load is no whole one, so it has no rate.
func intervalOf(atMS int64, seconds []*fleet.Interval, loadMS int64) Interval {
	var total loadgen.Counts
	var present, expected int64
	one := Interval{AtMS: atMS, Events: []Event{}}
	for _, in := range seconds {
		total.Add(in.Delta)
		one.Users = in.Users
		present += int64(in.Present)
		expected += int64(in.Expected)
		one.P50US, one.P95US, one.P99US = max(one.P50US, in.P50US), max(one.P95US, in.P95US), max(one.P99US, in.P99US)
	}
	one.Requests, one.Responses, one.Errors, one.Unexpected, one.Dropped = total.Requests, total.Responses, sum(total.Errors), total.Unexpected, total.Dropped
	one.Iterations = total.Iterations
	if length := int64(len(seconds)); atMS+1000*length <= loadMS {
		rate := round(float64(one.Requests) / float64(length))
		one.RateRPS = &rate
	}
	one.Coverage = ratio(present, expected)
	return one
}
