package report

// upgrade applies the rules of this version to a report that an earlier one wrote: a run passed only if it had thresholds, failed
// requests are errors and unexpected responses, and an interval that extends beyond the run has no rate.
func (r *Report) upgrade() {
	if r.Outcome == Passed && len(r.Thresholds) == 0 {
		r.Outcome = Finished
	}
	if r.Failed == 0 {
		r.Failed = r.ErrorCount() + r.Unexpected
	}
	length := int64(1000)
	if n := len(r.Intervals); n > 1 {
		length = r.Intervals[1].AtMS - r.Intervals[0].AtMS
	}
	if n := len(r.Intervals); n > 0 && r.Intervals[n-1].AtMS+length > r.DurationMS {
		r.Intervals[n-1].RateRPS = nil
	}
}
