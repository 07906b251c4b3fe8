package target

import "time"

// drift is the illness of a target that leaks: its delay grows with its age, by perMinute each minute.
func drift(perMinute time.Duration) delay {
	return func(m moment) time.Duration {
		return time.Duration(float64(perMinute) * m.age.Minutes())
	}
}
