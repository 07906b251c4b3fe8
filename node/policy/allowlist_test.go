package policy

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestAllowlist(t *testing.T) {
	const (
		resolved = true  // by the driver's own resolver
		given    = false // by the spec
	)
	for _, c := range []struct {
		name   string
		allow  []string
		addr   string
		host   string
		source bool
		ok     bool
	}{
		{"loopback by default", nil, "127.0.0.1:80", "127.0.0.1", given, true},
		{"all of loopback", nil, "127.9.9.9:80", "localhost", resolved, true},
		{"IPv6 loopback", nil, "[::1]:80", "::1", given, true},
		{"mapped loopback", nil, "[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1", given, true},
		{"nothing else by default", nil, "10.0.0.1:80", "10.0.0.1", given, false},
		{"a name that leads elsewhere", nil, "10.0.0.1:80", "localhost", resolved, false},
		{"a network", []string{"10.0.0.0/8"}, "10.1.2.3:80", "x", resolved, true},
		{"another network", []string{"10.0.0.0/8"}, "11.1.2.3:80", "x", resolved, false},
		{"loopback must be named then", []string{"10.0.0.0/8"}, "127.0.0.1:80", "x", resolved, false},
		{"a port", []string{"10.0.0.1:8080"}, "10.0.0.1:8080", "x", resolved, true},
		{"another port", []string{"10.0.0.1:8080"}, "10.0.0.1:80", "x", resolved, false},
		{"a port by its service", []string{"10.0.0.1:http"}, "10.0.0.1:80", "x", resolved, true},
		{"a network's port", []string{"10.0.0.0/8:443"}, "10.0.0.1:443", "x", resolved, true},
		{"a network of mapped addresses", []string{"::ffff:10.0.0.0/104"}, "10.1.2.3:80", "x", resolved, true},
		{"outside a network of mapped addresses", []string{"::ffff:10.0.0.0/104"}, "11.1.2.3:80", "x", resolved, false},
		{"a host by name", []string{"Shop.example"}, "10.0.0.1:80", "shop.EXAMPLE", resolved, true},
		{"another host", []string{"shop.example"}, "10.0.0.1:80", "evilshop.example", resolved, false},
		{"a name to which the spec gives an address", []string{"shop.example"}, "10.0.0.1:80", "shop.example", given, false},
		{"an address from the spec in a network", []string{"shop.example", "10.0.0.0/8"}, "10.0.0.1:80", "shop.example", given, true},
		{"a name of this machine", []string{"shop.example"}, "127.0.0.1:80", "shop.example", resolved, false},
		{"a name of a cloud's metadata", []string{"shop.example"}, "169.254.169.254:80", "shop.example", resolved, false},
		{"an IPv6 link-local address", []string{"shop.example"}, "[fe80::1]:80", "shop.example", resolved, false},
		{"an unspecified address", []string{"shop.example"}, "0.0.0.0:80", "shop.example", resolved, false},
		{"an unspecified IPv6 address", []string{"shop.example"}, "[::]:80", "shop.example", resolved, false},
		{"a mapped loopback address", []string{"shop.example"}, "[::ffff:127.0.0.1]:80", "shop.example", resolved, false},
		{"a name of this machine with its network", []string{"shop.example", "127.0.0.0/8"}, "127.0.0.1:80", "shop.example", resolved, true},
		{"localhost is loopback", []string{"localhost:8080"}, "127.0.0.1:8080", "127.0.0.1", given, true},
		{"localhost with another port", []string{"localhost:8080"}, "127.0.0.1:8081", "localhost", resolved, false},
		{"a socket must be named", nil, "", "unix:/run/docker.sock", given, false},
		{"a socket", []string{"unix:/run/app.sock"}, "", "unix:/run/app.sock", given, true},
		{"a socket's path has cases", []string{"unix:/run/a.sock"}, "", "unix:/run/A.sock", given, false},
		{"a socket's path with capitals", []string{"unix:/run/A.sock"}, "", "unix:/run/A.sock", given, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := parseAllowlist(c.allow)
			if err != nil {
				t.Fatal(err)
			}
			var addr netip.AddrPort
			if c.addr != "" {
				addr = netip.MustParseAddrPort(c.addr)
			}
			if err := a.dial(addr, c.host, c.source); (err == nil) != c.ok {
				t.Errorf("got %v, allowed should be %v", err, c.ok)
			}
		})
	}
	for _, bad := range []string{"", "http://x/", "x y", "10.0.0.1:0", "10.0.0.1:http://", "a/b", "unix:a.sock", "::ffff:10.0.0.0/8"} {
		if _, err := parseAllowlist([]string{bad}); err == nil || !strings.Contains(err.Error(), "allow-target") {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestRefusalsSuggestARemedy(t *testing.T) {
	a, err := parseAllowlist([]string{"shop.example"})
	if err != nil {
		t.Fatal(err)
	}
	for want, got := range map[string]error{
		"add --allow-target 127.0.1.1":                 a.dial(netip.MustParseAddrPort("127.0.1.1:80"), "shop.example", true),
		"an address from resolve must match":           a.dial(netip.MustParseAddrPort("10.0.0.1:80"), "shop.example", false),
		"target 10.0.0.1:80 is not allowed here":       a.dial(netip.MustParseAddrPort("10.0.0.1:80"), "10.0.0.1", false),
		"target unix:/run/x.sock is not allowed here:": a.dial(netip.AddrPort{}, "unix:/run/x.sock", false),
	} {
		if got == nil || !strings.Contains(got.Error(), want) {
			t.Errorf("got %v, want %q", got, want)
		}
	}
}

func TestEveryTargetIsChecked(t *testing.T) {
	l, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	spec := loadgen.Spec{Kind: loadgen.Avalanche, Target: "http://127.0.0.1/", Resolve: []string{"shop.example:80:192.0.2.7"}}
	if err := l.Check(context.Background(), spec, 1); err != nil {
		t.Error(err)
	}
	spec.Requests = []loadgen.Request{{URL: "/relative"}, {URL: "http://shop.example/"}}
	for _, resolve := range [][]string{{"shop.example:80:192.0.2.7"}, {"shop.example:80:127.0.0.1", "Shop.example:80:192.0.2.7"}, {"shop.example:80:127.0.0.1,192.0.2.7"}} {
		spec.Resolve = resolve
		if err := l.Check(context.Background(), spec, 1); err == nil || !strings.Contains(err.Error(), "shop.example (192.0.2.7:80) is not allowed here") {
			t.Errorf("%q: got %v", resolve, err)
		}
	}
}

// Hosts of scenarios are checked too, and a user with connections of its own needs one for each host.
func TestHostsOfScenariosAreChecked(t *testing.T) {
	l, err := New(Config{MaxConnections: 25})
	if err != nil {
		t.Fatal(err)
	}
	spec := loadgen.Spec{Kind: loadgen.Avalanche, Target: "http://127.0.0.1/", Connections: 10, Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}, {Get: "http://127.0.0.2/x"}}}}}
	if err := l.Check(t.Context(), spec, 1); err != nil {
		t.Error(err)
	}
	spec.Hosts = []string{"http://192.0.2.7"}
	if err := l.Check(t.Context(), spec, 1); err == nil || !strings.Contains(err.Error(), "10 users with up to 3 connections or requests each at a time: this driver allows 25") {
		t.Errorf("got %v", err)
	}
	spec.Connections = 8
	if err := l.Check(t.Context(), spec, 1); err == nil || !strings.Contains(err.Error(), "target 192.0.2.7:80 is not allowed here") {
		t.Errorf("got %v", err)
	}
	if target, ok := l.Names(spec); ok || target != "http://192.0.2.7" {
		t.Errorf("%s, %v", target, ok)
	}
}

// A name on the allowlist does not let a spec choose the address behind it.
func TestResolveDoesNotBypassTheList(t *testing.T) {
	config := Config{AllowTargets: []string{"shop.example:8080"}}
	l, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"127.0.0.77", "169.254.169.254", "192.0.2.7"} {
		spec := loadgen.Spec{Kind: loadgen.Avalanche, Target: "http://shop.example:8080/", Resolve: []string{"shop.example:8080:" + addr}}
		for who, err := range map[string]error{"driver": l.Check(t.Context(), spec, 1), "orchestrator": WouldRefuse(config, spec, 1)} {
			if err == nil || !strings.Contains(err.Error(), "from resolve must match") {
				t.Errorf("%s, %s: got %v", who, addr, err)
			}
		}
	}
}

// FuzzAllowlist checks that an entry allows nothing but itself, and that an address from a spec passes only
// through a network.
func FuzzAllowlist(f *testing.F) {
	for _, entry := range []string{"10.0.0.0/8", "shop.example:80", "unix:/run/a.sock", "[::1]:80", "::ffff:10.0.0.0/104", "localhost", "10.0.0.1:http"} {
		f.Add(entry, "10.1.2.3:80", "shop.example")
	}
	f.Fuzz(func(t *testing.T, entry, addr, host string) {
		a, err := parseAllowlist([]string{entry})
		to, noAddr := netip.ParseAddrPort(addr)
		if err != nil || noAddr != nil {
			return
		}
		if a.dial(to, host, false) != nil || strings.HasPrefix(host, "unix:") {
			return
		}
		if e := a.entries[len(a.entries)-1]; !e.prefix.IsValid() {
			t.Fatalf("%q allows %s, although the spec chose its address %s", entry, addr, host)
		}
	})
}

func TestURLInAQueryIsNoTarget(t *testing.T) {
	for url, want := range map[string]bool{
		"/login?next=http://10.0.0.1/": false, "/a/b?x=unix:/y": false, "/see/http://x/": false, "#http://x/": false, "": false, "/ping": false,
		"http://10.0.0.1/": true, "HTTP://10.0.0.1/": true, "//10.0.0.1/": true, "unix:/run/x.sock": true, " http://10.0.0.1/": true,
	} {
		spec := loadgen.Spec{Target: "http://127.0.0.1/", Requests: []loadgen.Request{{Name: "r", URL: url}}}
		if got := len(targets(spec)) == 2; got != want {
			t.Errorf("%q is a target of its own: %v, want %v", url, got, want)
		}
	}
}
