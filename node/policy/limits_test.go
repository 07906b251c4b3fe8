package policy

import (
	"context"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestAllowlist(t *testing.T) {
	for _, c := range []struct {
		name  string
		allow []string
		addr  string
		host  string
		ok    bool
	}{
		{"loopback by default", nil, "127.0.0.1:80", "127.0.0.1", true},
		{"all of loopback", nil, "127.9.9.9:80", "localhost", true},
		{"IPv6 loopback", nil, "[::1]:80", "::1", true},
		{"mapped loopback", nil, "[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1", true},
		{"nothing else by default", nil, "10.0.0.1:80", "10.0.0.1", false},
		{"a name that leads elsewhere", nil, "10.0.0.1:80", "localhost", false},
		{"a network", []string{"10.0.0.0/8"}, "10.1.2.3:80", "x", true},
		{"another network", []string{"10.0.0.0/8"}, "11.1.2.3:80", "x", false},
		{"loopback must be named then", []string{"10.0.0.0/8"}, "127.0.0.1:80", "x", false},
		{"a port", []string{"10.0.0.1:8080"}, "10.0.0.1:8080", "x", true},
		{"another port", []string{"10.0.0.1:8080"}, "10.0.0.1:80", "x", false},
		{"a network's port", []string{"10.0.0.0/8:443"}, "10.0.0.1:443", "x", true},
		{"a host by name", []string{"Shop.example"}, "10.0.0.1:80", "shop.EXAMPLE", true},
		{"another host", []string{"shop.example"}, "10.0.0.1:80", "evilshop.example", false},
		{"a socket must be named", nil, "", "unix:/run/docker.sock", false},
		{"a socket", []string{"unix:/run/app.sock"}, "", "unix:/run/app.sock", true},
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
			if err := a.dial(addr, c.host); (err == nil) != c.ok {
				t.Errorf("got %v, allowed should be %v", err, c.ok)
			}
		})
	}
	for _, bad := range []string{"", "http://x/", "x y", "10.0.0.1:0", "10.0.0.1:http://", "a/b"} {
		if _, err := parseAllowlist([]string{bad}); err == nil || !strings.Contains(err.Error(), "allow-target") {
			t.Errorf("%q: got %v", bad, err)
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

func TestCaps(t *testing.T) {
	for _, c := range []struct {
		name   string
		config Config
		spec   loadgen.Spec
		want   string
	}{
		{"within", Config{MaxRate: 100, MaxConnections: 10, MaxDuration: time.Minute}, loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: 200, Connections: 10, Duration: 60e9}, ""},
		{"rate", Config{MaxRate: 99}, loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: 200}, "rate 100 requests/s for one driver"},
		{"stages", Config{MaxRate: 99}, loadgen.Spec{Kind: loadgen.Tsunami, Stages: []loadgen.Stage{{To: 50}, {To: 400}}}, "rate 200 requests/s"},
		{"delay", Config{MaxRate: 99}, loadgen.Spec{Kind: loadgen.Tsunami, Delay: 1e6}, "rate 1000 requests/s"},
		{"an avalanche has no rate", Config{MaxRate: 99}, loadgen.Spec{Kind: loadgen.Avalanche}, "an avalanche has no rate"},
		{"connections", Config{MaxConnections: 1}, loadgen.Spec{Connections: 2}, "connections 2: this driver allows 1"},
		{"duration", Config{MaxDuration: time.Second}, loadgen.Spec{Duration: 2e9}, "duration 2s: this driver allows 1s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.spec.Target = "http://127.0.0.1/"
			err := WouldRefuse(c.config, c.spec, 2)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	for want, c := range map[string]Config{
		"max-rate -1:": {MaxRate: -1}, "max-rate NaN:": {MaxRate: math.NaN()}, "max-connections -1:": {MaxConnections: -1}, "max-duration -1s:": {MaxDuration: -time.Second},
	} {
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
