package access

import (
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"
)

const (
	failuresAllowed = 10               // wrong tokens from one address …
	failuresFor     = 10 * time.Second // … within this
	failuresKept    = 10_000           // addresses
	trustedFor      = time.Hour        // after a token was last valid
)

// failures counts wrong tokens by address, so that guessing is slow. A client that recently used a valid token from the
// same address is not affected by the guesses of others.
type failures struct {
	mu      sync.Mutex
	from    map[string]*failing
	trusted map[trust]time.Time // when they were last valid
}

// trust is a valid token of an address.
type trust struct {
	host string
	sum  [sha256.Size]byte
}

type failing struct {
	since time.Time
	n     int
}

func newFailures() *failures {
	return &failures{from: map[string]*failing{}, trusted: map[trust]time.Time{}}
}

// allow reports whether to check a token at all.
func (f *failures) allow(addr, token string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.from[hostOf(addr)]
	if seen == nil || time.Since(seen.since) > failuresFor || seen.n < failuresAllowed {
		return true
	}
	right, ok := f.trusted[trust{hostOf(addr), sha256.Sum256([]byte(token))}]
	return ok && time.Since(right) < trustedFor
}

// right records a valid token.
func (f *failures) right(addr, token string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.trusted) >= failuresKept {
		clear(f.trusted)
	}
	f.trusted[trust{hostOf(addr), sha256.Sum256([]byte(token))}] = time.Now()
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

// hostOf returns the host that an address belongs to: for IPv6 its first 64 bits, as a host has all addresses
// below them.
func hostOf(addr string) string {
	from, err := netip.ParseAddrPort(addr)
	if err != nil {
		return addr
	}
	ip := from.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	p, _ := ip.Prefix(64)
	return p.String()
}
