// Package policy says what the owner of a driver lets it do, whoever asks: which targets it may load, and its caps on rate,
// connections and duration. Drivers enforce it; orchestrators ask it beforehand, with what a driver has registered.
package policy

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"landfall/loadgen"
)

// Config is what the owner of a driver decides.
type Config struct {
	AllowTargets   []string      // hosts, host:port or CIDRs that may be loaded; loopback alone if empty
	MaxRate        float64       // requests per second; 0: no cap
	MaxConnections int           // 0: no cap
	MaxDuration    time.Duration // 0: no cap
}

// Limits are a Config that was checked; the zero value allows no target.
type Limits struct {
	allow       allowlist
	rate        float64
	connections int
	duration    time.Duration
}

// New refuses a Config by naming the flag that is wrong.
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
			return Limits{}, fmt.Errorf("%s %v: must not be negative (0: no cap)", cap.name, cap.value)
		}
	}
	return Limits{allow: allow, rate: c.MaxRate, connections: c.MaxConnections, duration: c.MaxDuration}, nil
}

// AllowTargets are the entries of the allowlist, as they were given.
func (l Limits) AllowTargets() []string { return l.allow.texts }

// Dial is asked about every address before it is dialled; host is the name that led to it, or a Unix socket. The error says
// what is allowed.
func (l Limits) Dial(addr netip.AddrPort, host string) error { return l.allow.dial(addr, host) }

// Check returns why a spec that is split among that many drivers is refused; nil if it is not. It resolves names.
func (l Limits) Check(ctx context.Context, spec loadgen.Spec, drivers int) error {
	if l.connections > 0 && spec.Connections > l.connections {
		return fmt.Errorf("connections %d: this driver allows %d (--max-connections)", spec.Connections, l.connections)
	}
	if rate := PeakRate(spec, drivers); l.rate > 0 && rate > l.rate {
		return fmt.Errorf("rate %.6g requests/s for one driver: this driver allows %.6g (--max-rate)", rate, l.rate)
	}
	if l.rate > 0 && spec.Kind == loadgen.Avalanche {
		return fmt.Errorf("an avalanche has no rate to keep below this driver's %.6g requests/s (--max-rate)", l.rate)
	}
	if d := spec.Duration.Std(); l.duration > 0 && d > l.duration {
		return fmt.Errorf("duration %s: this driver allows %s (--max-duration)", d, l.duration)
	}
	return l.allow.checkSpec(ctx, spec)
}

// PeakRate is the highest rate that one of so many drivers has to send at; 0 for an avalanche.
func PeakRate(spec loadgen.Spec, drivers int) float64 {
	if spec.Kind != loadgen.Tsunami || drivers == 0 {
		return 0
	}
	if spec.Delay > 0 {
		return 1 / spec.Delay.Std().Seconds()
	}
	return max(spec.RateRPS, loadgen.Schedule(spec.Stages).Peak()) / float64(drivers)
}

// allowlist names the hosts and networks that may be loaded.
type allowlist struct {
	texts   []string
	entries []allowed
	literal bool // names are not resolved: only their driver can
}

type allowed struct {
	host   string // a name, or a Unix socket's "unix:/path"
	prefix netip.Prefix
	port   string // "": any
}

// loopback is what a driver may load if its owner says nothing else.
var loopback = []string{"127.0.0.0/8", "::1/128"}

func parseAllowlist(texts []string) (allowlist, error) {
	if len(texts) == 0 {
		texts = loopback
	}
	a := allowlist{texts: texts}
	for _, t := range texts {
		e, err := parseAllowed(t)
		if err != nil {
			return a, err
		}
		a.entries = append(a.entries, e)
	}
	return a, nil
}

func parseAllowed(text string) (allowed, error) {
	wrong := fmt.Errorf("allow-target %q: must be a host, an address, a network such as 10.0.0.0/8, each with an optional :port, or unix:/path", text)
	if strings.HasPrefix(text, "unix:/") {
		return allowed{host: text}, nil
	}
	host, port := text, ""
	if h, p, err := net.SplitHostPort(text); err == nil {
		host, port = h, p
		if n, err := net.LookupPort("tcp", port); err != nil || n == 0 {
			return allowed{}, wrong
		}
	}
	host = strings.Trim(host, "[]")
	if p, err := netip.ParsePrefix(host); err == nil {
		return allowed{prefix: p.Masked(), port: port}, nil
	}
	if a, err := netip.ParseAddr(host); err == nil {
		a = a.Unmap()
		return allowed{prefix: netip.PrefixFrom(a, a.BitLen()), port: port}, nil
	}
	if host == "" || strings.ContainsAny(host, "/: @") {
		return allowed{}, wrong
	}
	return allowed{host: strings.ToLower(host), port: port}, nil
}

// dial is asked about every address before it is dialled; host is the name that led to it, or a Unix socket.
func (a allowlist) dial(addr netip.AddrPort, host string) error {
	host = strings.ToLower(host)
	port := fmt.Sprint(addr.Port())
	for _, e := range a.entries {
		if e.port != "" && e.port != port {
			continue
		}
		if e.host != "" && e.host == host || e.prefix.IsValid() && e.prefix.Contains(addr.Addr().Unmap()) {
			return nil
		}
	}
	shown := host
	if addr.IsValid() && host != addr.Addr().String() {
		shown = fmt.Sprintf("%s (%s)", host, addr)
	} else if addr.IsValid() {
		shown = addr.String()
	}
	return fmt.Errorf("target %s is not allowed here: this driver allows %s (--allow-target)", shown, strings.Join(a.texts, ", "))
}

// checkSpec refuses a spec one of whose targets, or of the addresses that their names stand for, is not allowed.
func (a allowlist) checkSpec(ctx context.Context, spec loadgen.Spec) error {
	for _, raw := range targets(spec) {
		if err := a.checkURL(ctx, raw, spec.Resolve); err != nil {
			return err
		}
	}
	return nil
}

func targets(spec loadgen.Spec) []string {
	list := []string{spec.Target}
	for _, r := range spec.Requests {
		if strings.Contains(r.URL, "://") || strings.HasPrefix(r.URL, "//") || strings.HasPrefix(r.URL, "unix:") {
			list = append(list, r.URL)
		}
	}
	return list
}

func (a allowlist) checkURL(ctx context.Context, raw string, resolve []string) error {
	if path, ok := strings.CutPrefix(raw, "unix:"); ok {
		socket, _, _ := strings.Cut(path, ":")
		return a.dial(netip.AddrPort{}, "unix:"+socket)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("target %q: not a URL", raw)
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443"}[u.Scheme]
		if port == "" {
			port = "80"
		}
	}
	n, err := net.LookupPort("tcp", port)
	if err != nil {
		return fmt.Errorf("target %q: port %s: must be between 1 and 65535", raw, port)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err != nil && a.literal {
		return nil
	}
	addrs, err := lookup(ctx, u.Hostname(), port, resolve)
	if err != nil {
		return err
	}
	for _, addr := range addrs {
		if err := a.dial(netip.AddrPortFrom(addr.Unmap(), uint16(n)), u.Hostname()); err != nil {
			return err
		}
	}
	return nil
}

func lookup(ctx context.Context, host, port string, resolve []string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	given, err := loadgen.Resolved(resolve, host, port)
	if err != nil {
		return nil, err
	}
	if len(given) > 0 {
		addrs := make([]netip.Addr, len(given))
		for i := range given {
			addrs[i] = given[i].Addr()
		}
		return addrs, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("target %s: its name does not resolve here: %w", host, err)
	}
	return addrs, nil
}

// WouldRefuse returns why a driver with such limits would refuse a spec, as far as that is known without resolving names;
// nil if it would not.
func WouldRefuse(c Config, spec loadgen.Spec, drivers int) error {
	l, err := New(c)
	if err != nil {
		return err
	}
	l.allow.literal = true
	return l.Check(context.Background(), spec, drivers)
}
