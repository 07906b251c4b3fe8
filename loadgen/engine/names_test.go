package engine

import (
	"context"
	"errors"
	"net"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// A name is looked up again when connections are reopened: requests follow its current addresses, and a
// failed lookup is an error of class dns.
func TestNamesAreLookedUpAgain(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("not available on this machine: ", err)
	}
	moved := serve(t, nil, func(s *httptest.Server) { s.Listener.Close(); s.Listener = ln; s.Start() })
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	polls(t, func(t *testing.T, o Options) {
		before := moved.served.Load()
		spec := loadgen.Spec{Target: "http://shop.test:" + port, Duration: loadgen.Duration(6 * time.Second), Connections: 2, NoKeepalive: true}.WithDefaults()
		var lookups atomic.Int64
		o.Lookup = func(context.Context, string, string) ([]netip.Addr, error) {
			switch lookups.Add(1) {
			case 1:
				return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
			case 3:
				return nil, errors.New("nobody answers")
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.2")}, nil
		}
		e, err := New(spec, o)
		if err != nil {
			t.Fatal(err)
		}
		var last loadgen.Snapshot
		if err := e.Run(t.Context(), time.Now(), loadgen.Share{Connections: 2, Until: spec.Duration, Of: 1}, func(s loadgen.Snapshot) { last = s }); err != nil {
			t.Fatal(err)
		}
		// First refused on 127.0.0.1, then answered on 127.0.0.2, then without an address, then answered
		// again.
		got := last.Total
		if got.Errors[loadgen.ErrConnect] == 0 || got.Errors[loadgen.ErrDNS] == 0 || got.Responses == 0 || lookups.Load() < 4 || lookups.Load() > 8 {
			t.Errorf("%d lookups, %+v", lookups.Load(), got)
		}
		if n := got.Responses + got.Errors[loadgen.ErrConnect] + got.Errors[loadgen.ErrDNS]; n != got.Requests {
			t.Errorf("%+v", got)
		}
		if moved.served.Load() == before {
			t.Error("nothing went to the new address")
		}
	})
}
