package target

import "time"

// stalls is the illness of a target that answers nothing for a while, once or periodically, as a garbage collector or a
// cron job makes it: from after on, for length, and again each period if that is not zero.
type stalls struct{ after, length, period time.Duration }

// left is how much of a stall remains at an age of the target; 0: none is in progress.
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
