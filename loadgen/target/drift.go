package target

import "time"

// drift is the fault of a target with a leak: its delay grows by perMinute each minute.
func drift(perMinute time.Duration) delay {
	return func(m moment) time.Duration {
		return time.Duration(float64(perMinute) * m.age.Minutes())
	}
}
