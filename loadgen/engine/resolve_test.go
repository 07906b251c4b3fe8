package engine

import (
	"net"
	"net/http/httptest"
	"testing"

	"landfall/loadgen"
)

// All addresses of a name are dialed equally often.
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
