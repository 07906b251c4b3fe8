package engine

import (
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestParseResolve(t *testing.T) {
	for text, want := range map[string]string{
		"a.test:80:127.0.0.1":              "a.test 80 [127.0.0.1:80]",
		"a.test:443:[::1]":                 "a.test 443 [[::1]:443]",
		"a.test:443:::1":                   "a.test 443 [[::1]:443]",
		"a.test:80:127.0.0.1, 10.1.2.3,::": "a.test 80 [127.0.0.1:80 10.1.2.3:80 [::]:80]",
		"[::2]:80:127.0.0.1":               "::2 80 [127.0.0.1:80]",
	} {
		r, err := loadgen.ParseResolve(text)
		if got := fmt.Sprintf("%s %s %v", r.Host, r.Port, r.Addrs); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "nonsense", "a:80", "a:80:", "a:0:127.0.0.1", "a:http:127.0.0.1", "a:65536:127.0.0.1", ":80:127.0.0.1", "a:80:b.test", "a:80:127.0.0.1,", "-a:80"} {
		spec := loadgen.Spec{Target: "http://b.test/", Count: 1, Resolve: []string{text}}
		if err := spec.WithDefaults().Validate(); err == nil || !strings.Contains(err.Error(), "must be host:port:address") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// All addresses of a name are dialled, equally often.
func TestAddressesAreUsedInTurn(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var rigs [2]*rig
		port := ""
		for i, host := range []string{"127.0.0.1:0", "127.0.0.2:"} {
			ln, err := net.Listen("tcp", host+port)
			if err != nil {
				t.Skip("not available on this machine: ", err)
			}
			_, port, _ = net.SplitHostPort(ln.Addr().String())
			rigs[i] = serve(t, nil, func(s *httptest.Server) { s.Listener.Close(); s.Listener = ln; s.Start() })
		}
		spec := loadgen.Spec{Target: "http://Shop.test:" + port, Count: 100, Connections: 1, NoKeepalive: true, Resolve: []string{"shop.test:" + port + ":127.0.0.1,127.0.0.2"}}
		carry(t, spec, o, loadgen.Share{}, nil)
		if a, b := rigs[0].served.Load(), rigs[1].served.Load(); a != 50 || b != 50 {
			t.Errorf("%d and %d requests", a, b)
		}
	})
}
