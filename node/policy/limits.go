// Package policy enforces what the owner of a driver allows: which targets it may load, and its maximum rate,
// connections and duration. Drivers enforce it; orchestrators check it in advance, using the driver's registration.
package policy

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"landfall/loadgen"
)

// Config is what the owner of a driver allows.
type Config struct {
	AllowTargets   []string      // allowed hosts, host:port or CIDRs; default: loopback only
	MaxRate        float64       // requests per second; 0: no limit
	MaxConnections int           // 0: no limit
	MaxDuration    time.Duration // 0: no limit
}

// Limits is a validated Config; the zero value allows no target.
type Limits struct {
	allow       allowlist
	rate        float64
	connections int
	duration    time.Duration
}

// New validates a Config. Errors name the wrong flag.
func New(c Config) (Limits, error) {
	allow, err := parseAllowlist(c.AllowTargets)
	if err != nil {
		return Limits{}, err
	}
	for _, cap := range []struct {
		name  string
		value any
		ok    bool
	}{{"max-rate", c.MaxRate, c.MaxRate >= 0}, {"max-connections", c.MaxConnections, c.MaxConnections >= 0}, {"max-duration", c.MaxDuration, c.MaxDuration >= 0}} {
		if !cap.ok {
			return Limits{}, fmt.Errorf("%s %v: must not be negative (0: no limit)", cap.name, cap.value)
		}
	}
	return Limits{allow: allow, rate: c.MaxRate, connections: c.MaxConnections, duration: c.MaxDuration}, nil
}

// AllowTargets returns the entries of the allowlist as configured.
func (l Limits) AllowTargets() []string { return l.allow.texts }

// Dial checks an address before it is dialed; host is the name it was resolved from, or a Unix socket. resolved means that this
// driver's own resolver returned addr; otherwise the author of the spec chose it. The error says what is allowed.
func (l Limits) Dial(addr netip.AddrPort, host string, resolved bool) error {
	return l.allow.dial(addr, host, resolved)
}

// Check returns why a spec that is divided among a number of drivers is refused, or nil. It resolves names.
func (l Limits) Check(ctx context.Context, spec loadgen.Spec, drivers int) error {
	if n := each(spec); l.connections > 0 && spec.Connections*n > l.connections {
		switch {
		case hasOwn(spec) && n > 1:
			return fmt.Errorf("%d users with up to %d connections or requests each at a time: this driver allows %d (--max-connections)", spec.Connections, n, l.connections)
		case n > 1:
			return fmt.Errorf("connections %d with %d streams each: this driver allows %d requests at a time (--max-connections)", spec.Connections, n, l.connections)
		}
		return fmt.Errorf("connections %d: this driver allows %d (--max-connections)", spec.Connections, l.connections)
	}
	users := len(spec.Scenarios) > 0 // their request rate is not known in advance: the driver throttles it at run time
	if rate := PeakRate(spec, drivers); l.rate > 0 && rate > l.rate && !users {
		return fmt.Errorf("rate %.6g requests/s for one driver: this driver allows %.6g (--max-rate)", rate, l.rate)
	}
	if l.rate > 0 && spec.Kind == loadgen.Avalanche && !users {
		return fmt.Errorf("an avalanche has no rate that could stay below this driver's limit of %.6g requests/s (--max-rate)", l.rate)
	}
	if d := spec.Duration.Std(); l.duration > 0 && d > l.duration {
		return fmt.Errorf("duration %s: this driver allows %s (--max-duration)", d, l.duration)
	}
	return l.allow.checkSpec(ctx, spec)
}

// hasOwn reports whether each user of a spec has connections of its own. The spec's connections are then users.
func hasOwn(spec loadgen.Spec) bool { return len(spec.Scenarios) > 0 && !spec.SharedConnections }

// each returns how many connections, or requests at a time if there are more of those, each of a spec's connections can become. A user
// opens one connection to each host or, over HTTP/1.1, one for each request that it has in flight; streams does not apply to it.
func each(spec loadgen.Spec) int {
	if !hasOwn(spec) {
		return max(spec.Streams, 1)
	}
	hosts := 1 + len(spec.Origins())
	if spec.HTTP2 {
		return max(hosts, spec.MostAtOnce())
	}
	return hosts * spec.MostAtOnce()
}

// PeakRate returns the highest rate of each of a number of drivers that share a spec, in requests/s; 0 for an avalanche.
func PeakRate(spec loadgen.Spec, drivers int) float64 {
	if spec.Kind != loadgen.Tsunami || drivers == 0 {
		return 0
	}
	if spec.Delay > 0 {
		return 1 / spec.Delay.Std().Seconds()
	}
	return max(spec.RateRPS, loadgen.Schedule(spec.Stages).Peak(), spec.Loads().Peak()) / float64(drivers)
}

// WouldRefuse returns why a driver with such limits would refuse a spec, without resolving names;
// nil if it would not.
func WouldRefuse(c Config, spec loadgen.Spec, drivers int) error {
	l, err := New(c)
	if err != nil {
		return err
	}
	l.allow.literal = true
	return l.Check(context.Background(), spec, drivers)
}
