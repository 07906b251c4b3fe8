package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"time"

	"landfall/node"
)

// hostName matches safe names of brokers' hosts. ssh interprets others: a slash makes a socket's path, and
// ${NAME} is replaced from the operator's environment.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)

// CheckLead refuses addresses that tunnels from the hosts must not reach: a malicious broker must not open
// this machine's own services to them. named are the brokers that the operator named, advertised those in
// Kafka's metadata. leads maps the latter to their checked addresses.
func CheckLead(ctx context.Context, named, advertised []string) (leads map[string]string, err error) {
	return checkLead(ctx, named, advertised, net.DefaultResolver.LookupNetIP)
}

func checkLead(ctx context.Context, named, advertised []string, look func(context.Context, string, string) ([]netip.Addr, error)) (leads map[string]string, err error) {
	leads = map[string]string{}
	for _, broker := range slices.Concat(named, advertised) {
		host, port, err := net.SplitHostPort(broker)
		n, wrong := strconv.ParseUint(port, 10, 16)
		ip, noIP := netip.ParseAddr(host)
		if err != nil || wrong != nil || n == 0 || noIP != nil && !hostName.MatchString(host) || ip.Zone() != "" {
			return nil, fmt.Errorf("--tunnel: broker %q: must be host:port", node.Clean(broker, 120))
		}
		if slices.Contains(named, broker) {
			continue
		}
		addr, err := checkElsewhere(ctx, broker, host, look)
		if err != nil {
			return nil, err
		}
		leads[broker] = net.JoinHostPort(addr.String(), port)
	}
	return leads, nil
}

// checkElsewhere refuses a broker that is this machine, or whose address is only meaningful on it. It returns
// the checked address.
func checkElsewhere(ctx context.Context, broker, host string, look func(context.Context, string, string) ([]netip.Addr, error)) (addr netip.Addr, err error) {
	const lookFor = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	addrs, err := look(ctx, "ip", host)
	if err == nil && len(addrs) == 0 {
		err = errors.New("no address")
	}
	if err != nil {
		return addr, fmt.Errorf("--tunnel: broker %s, as Kafka advertises it, does not resolve here: %w", broker, err)
	}
	for _, a := range addrs {
		if a = a.Unmap(); a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() {
			return addr, fmt.Errorf("--tunnel: Kafka advertises a broker at %s, which is %s: if it is one, name it in --brokers", broker, a)
		}
	}
	return addrs[0].Unmap(), nil
}
