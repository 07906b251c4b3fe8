package target

import "time"

// stalls is the fault of a target that sends no responses for a while, as during garbage collection or a cron job: from after on for
// length, and again each period if period is not zero.
type stalls struct{ after, length, period time.Duration }

// left returns the rest of the stall that is in progress at an age of the target, or 0.
func (s stalls) left(age time.Duration) time.Duration {
	since := age - s.after
	if s.length == 0 || since < 0 {
		return 0
	}
	if s.period > 0 {
		since %= s.period
	}
	return max(s.length-since, 0)
}
