package target

import "time"

// slowPath is the fault of a target with one slow path.
func slowPath(path string, by time.Duration) delay {
	return func(m moment) time.Duration {
		if m.path != path {
			return 0
		}
		return by
	}
}
