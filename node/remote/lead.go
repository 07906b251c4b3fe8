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

// hostName is what the name of a broker's host consists of. ssh takes more than that for something else: a path for a socket, and
// ${NAME} for what the operator's environment holds.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)

// CheckLead refuses addresses to which a tunnel must not lead the accounts of the fleet's hosts. named are the brokers that the operator
// named; advertised those that Kafka says it has: a bad broker must not open this machine's own services to them.
// leads are the addresses of those that the operator did not name, as they were checked.
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

// checkElsewhere refuses a broker that is this machine, or an address that only it has a meaning for. It returns the address
// that was checked.
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
