package gateway

import (
	"net"
	"sync"
	"time"
)

const (
	failuresAllowed = 10               // wrong tokens from one address …
	failuresFor     = 10 * time.Second // … within this
	failuresKept    = 10_000           // addresses
)

// failures counts wrong tokens by address, so that guessing is slow.
type failures struct {
	mu   sync.Mutex
	from map[string]*failing
}

type failing struct {
	since time.Time
	n     int
}

func newFailures() *failures { return &failures{from: map[string]*failing{}} }

func (f *failures) allow(addr string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.from[hostOf(addr)]
	return seen == nil || time.Since(seen.since) > failuresFor || seen.n < failuresAllowed
}

func (f *failures) note(addr string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	host, now := hostOf(addr), time.Now()
	seen := f.from[host]
	if seen == nil || now.Sub(seen.since) > failuresFor {
		if len(f.from) >= failuresKept {
			clear(f.from)
		}
		seen = &failing{since: now}
		f.from[host] = seen
	}
	seen.n++
}

func hostOf(addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil {
		return host
	}
	return addr
}
