package target

import "time"

// slowPath is the illness of one path that is slower than all others.
func slowPath(path string, by time.Duration) delay {
	return func(m moment) time.Duration {
		if m.path != path {
			return 0
		}
		return by
	}
}
