package remote

import (
	"context"
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
func CheckLead(ctx context.Context, named, advertised []string) error {
	return checkLead(ctx, named, advertised, net.DefaultResolver.LookupNetIP)
}

func checkLead(ctx context.Context, named, advertised []string, look func(context.Context, string, string) ([]netip.Addr, error)) error {
	for _, broker := range slices.Concat(named, advertised) {
		host, port, err := net.SplitHostPort(broker)
		n, wrong := strconv.ParseUint(port, 10, 16)
		ip, noIP := netip.ParseAddr(host)
		if err != nil || wrong != nil || n == 0 || noIP != nil && !hostName.MatchString(host) || ip.Zone() != "" {
			return fmt.Errorf("--tunnel: broker %q: must be host:port", node.Clean(broker, 120))
		}
		if slices.Contains(named, broker) {
			continue
		}
		if err := checkElsewhere(ctx, broker, host, look); err != nil {
			return err
		}
	}
	return nil
}

// checkElsewhere refuses a broker that is this machine, or an address that only it has a meaning for.
func checkElsewhere(ctx context.Context, broker, host string, look func(context.Context, string, string) ([]netip.Addr, error)) error {
	const lookFor = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	addrs, err := look(ctx, "ip", host)
	if err != nil {
		return fmt.Errorf("--tunnel: broker %s, as Kafka advertises it, does not resolve here: %w", broker, err)
	}
	for _, a := range addrs {
		if a = a.Unmap(); a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() {
			return fmt.Errorf("--tunnel: Kafka advertises a broker at %s, which is %s: if it is one, name it in --brokers", broker, a)
		}
	}
	return nil
}
