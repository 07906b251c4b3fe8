//go:build unix

package driver

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

func pid() int { return os.Getpid() }

// self measures this process.
type self struct {
	at  time.Time
	cpu time.Duration
}

// measure returns the CPU used since the last call, in cores, and the resident memory (0 without /proc).
func (s *self) measure() (cpu float64, rss int64) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) == nil {
		used, now := time.Duration(u.Utime.Nano()+u.Stime.Nano()), time.Now()
		if passed := now.Sub(s.at); !s.at.IsZero() && passed > 0 {
			cpu = max(0, float64(used-s.cpu)/float64(passed))
		}
		s.at, s.cpu = now, used
	}
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		if f := bytes.Fields(statm); len(f) > 1 {
			pages, _ := strconv.ParseInt(string(f[1]), 10, 64)
			rss = pages * int64(os.Getpagesize())
		}
	}
	return cpu, rss
}
