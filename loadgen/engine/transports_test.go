package engine

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"sync/atomic"
	"testing"

	"landfall/loadgen"
)

func TestTransports(t *testing.T) {
	t.Parallel()
	withTLS := func(s *httptest.Server) { s.EnableHTTP2 = true; s.StartTLS() }
	for _, c := range []struct {
		name  string
		start func(*httptest.Server)
		spec  loadgen.Spec
		major int
	}{
		{"https", withTLS, loadgen.Spec{TLS: loadgen.TLS{Insecure: true}}, 1},
		{"https without keep-alive", withTLS, loadgen.Spec{TLS: loadgen.TLS{Insecure: true}, NoKeepalive: true}, 1},
		{"HTTP/2 over TLS", withTLS, loadgen.Spec{TLS: loadgen.TLS{Insecure: true}, HTTP2: true, Streams: 10}, 2},
		{"HTTP/2 with a body", withTLS, loadgen.Spec{TLS: loadgen.TLS{Insecure: true}, HTTP2: true, Streams: 3, Body: string(make([]byte, 100_000))}, 2},
		{"HTTP/2 in clear text", startClear, loadgen.Spec{HTTP2: true, Streams: 10}, 2},
		{"HTTP/2, paced", startClear, loadgen.Spec{HTTP2: true, Streams: 2, RateRPS: 500}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				var wrong atomic.Int64
				r := serve(t, func(w http.ResponseWriter, q *http.Request) {
					if body, _ := io.ReadAll(q.Body); q.ProtoMajor != c.major || len(body) != len(c.spec.Body) {
						wrong.Add(1)
					}
					io.WriteString(w, "ok")
				}, c.start)
				spec := c.spec
				spec.Target, spec.Count, spec.Connections = r.url+"/x", 500, 4
				out := carry(t, spec, o, loadgen.Share{}, nil)
				if out.Total.Responses != 500 || r.served.Load() != 500 || wrong.Load() != 0 {
					t.Errorf("%+v; the target counted %d, %d of them wrong", out.Total, r.served.Load(), wrong.Load())
				}
				if c.spec.TLS.Insecure && out.Total.Handshakes == 0 {
					t.Error("no handshake was counted")
				}
			})
		})
	}
}

func TestUnixSocketAndIPv6(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	for _, c := range []struct{ name, network, addr, url string }{
		{"unix", "unix", socket, "unix:" + socket + ":/ping"},
		{"IPv6", "tcp6", "[::1]:0", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ln, err := net.Listen(c.network, c.addr)
			if err != nil {
				t.Skip("not available on this machine: ", err)
			}
			r := serve(t, nil, func(s *httptest.Server) { s.Listener.Close(); s.Listener = ln; s.Start() })
			url := c.url
			if url == "" {
				url = r.url
			}
			out := carry(t, loadgen.Spec{Target: url, Count: 100, Connections: 3}, Options{}, loadgen.Share{}, nil)
			if out.Total.Responses != 100 || r.served.Load() != 100 {
				t.Errorf("%+v; the target counted %d", out.Total, r.served.Load())
			}
		})
	}
}

func TestTheAllowHookIsAskedAboutTheAddress(t *testing.T) {
	asked := ""
	allow := func(a netip.AddrPort, host string, resolved bool) error {
		asked = fmt.Sprintf("%s %s %v", host, a.Addr(), resolved)
		return fmt.Errorf("no")
	}
	for _, c := range []struct {
		target, want string
		resolve      []string
	}{
		{"http://shop.example/", "shop.example 127.0.0.9 false", []string{"shop.example:80:127.0.0.9"}},
		{"http://127.0.0.8/", "127.0.0.8 127.0.0.8 false", nil},
		{"unix:/run/app.sock", "unix:/run/app.sock invalid IP false", nil},
	} {
		_, err := New(loadgen.Spec{Target: c.target, Count: 1, Resolve: c.resolve}.WithDefaults(), Options{Allow: allow})
		if err == nil || asked != c.want {
			t.Errorf("%s: got %v, asked about %q, want %q", c.target, err, asked, c.want)
		}
	}
}

func TestTLSResumesSessions(t *testing.T) {
	var resumed atomic.Int64
	r := serve(t, func(w http.ResponseWriter, q *http.Request) {
		if q.TLS.DidResume {
			resumed.Add(1)
		}
	}, (*httptest.Server).StartTLS)
	out := carry(t, loadgen.Spec{Target: r.url, Count: 50, Connections: 1, NoKeepalive: true, TLS: loadgen.TLS{Insecure: true}}, Options{}, loadgen.Share{}, nil)
	if resumed.Load() < 40 || out.Total.Handshakes < 50 {
		t.Errorf("%d of %d handshakes resumed a session", resumed.Load(), out.Total.Handshakes)
	}
}
