package remote

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// Kafka's metadata names the other brokers. A tunnel to this machine's own services would open them to all
// hosts.
func TestTunnelsReachOnlyBrokers(t *testing.T) {
	look := func(_ context.Context, _, host string) ([]netip.Addr, error) {
		if a, err := netip.ParseAddr(host); err == nil {
			return []netip.Addr{a}, nil
		}
		return map[string][]netip.Addr{"kafka-2": {netip.MustParseAddr("10.0.0.2")}, "evil": {netip.MustParseAddr("10.0.0.3"), netip.MustParseAddr("127.0.0.1")}}[host],
			map[bool]error{true: errors.New("no such host")}[host == "nowhere"]
	}
	for _, c := range []struct{ name, named, advertised, want string }{
		{"brokers of a cluster", "kafka-1:9092", "kafka-2:9092", ""},
		{"an address", "kafka-1:9092", "10.0.0.9:9092", ""},
		{"a loopback broker that the operator named", "127.0.0.1:9092", "127.0.0.1:9092", ""},
		{"another port of this machine", "127.0.0.1:9092", "127.0.0.1:6379", "which is 127.0.0.1"},
		{"a name that is this machine", "kafka-1:9092", "evil:6379", "which is 127.0.0.1"},
		{"mapped", "kafka-1:9092", "[::ffff:127.0.0.1]:6379", "which is 127.0.0.1"},
		{"link-local", "kafka-1:9092", "169.254.169.254:80", "which is 169.254.169.254"},
		{"unspecified", "kafka-1:9092", "0.0.0.0:6379", "which is 0.0.0.0"},
		{"a socket", "kafka-1:9092", "/run/user/1000/keyring/ssh:1", "must be host:port"},
		{"an environment variable", "kafka-1:9092", "${AWS_SECRET_ACCESS_KEY}:1", "must be host:port"},
		{"an option", "kafka-1:9092", "-oProxyCommand=x:1", "must be host:port"},
		{"escape sequences", "kafka-1:9092", "a\x1b]0;b:1", "must be host:port"},
		{"an invalid port", "kafka-1:9092", "kafka-2:http", "must be host:port"},
		{"a name that does not resolve", "kafka-1:9092", "nowhere:9092", "does not resolve here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := checkLead(t.Context(), []string{c.named}, []string{c.advertised}, look)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// The tunnel ends at the checked address, not at what the name resolves to later.
func TestTunnelEndsAtTheCheckedAddress(t *testing.T) {
	look := func(context.Context, string, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.0.3")}, nil
	}
	leads, err := checkLead(t.Context(), []string{"kafka-1:9092"}, []string{"kafka-1:9092", "kafka-2:9093"}, look)
	if err != nil || len(leads) != 1 || leads["kafka-2:9093"] != "10.0.0.2:9093" {
		t.Fatalf("leads %v, error %v", leads, err)
	}
	f := &Fleet{c: Config{Tunnel: []string{"kafka-1:9092", "kafka-2:9093"}, Leads: leads}}
	if ends := f.ends(); !slices.Equal(ends, []string{"kafka-1:9092", "10.0.0.2:9093"}) {
		t.Errorf("the tunnels end at %v", ends)
	}
}

// A host reports where its cache is, and ssh expands variables in paths: the host must not read the
// operator's environment.
func TestHostFolderIsAPlainPath(t *testing.T) {
	for root, want := range map[string]bool{
		"/home/ann/.cache/landfall": true, "/var/lib/landfall_1": true,
		"/x/${AWS_SECRET_ACCESS_KEY}/landfall": false, "/x/%h/landfall": false, "/x/$(id)": false, "/x y": false, "/x:y": false, "x/y": false,
		"/x\x1b[2J": false, "/x`id`": false, "/x\u202e": false, "": false, "/a\n": false,
	} {
		if got := plainPath.MatchString(root); got != want {
			t.Errorf("%q: %v", root, got)
		}
	}
}
