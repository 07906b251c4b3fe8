package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// forward is a forward proxy that requires a password and counts its requests. It maps every host name to one of its own targets.
type forward struct {
	to              map[string]string // requested host:port → actual one
	plain, tunnels  atomic.Int64
	refused, naming atomic.Int64
}

func (f *forward) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Proxy-Authorization") != "Basic YW5uOmtleQ==" { // ann:key
		f.refused.Add(1)
		w.WriteHeader(407)
		return
	}
	if r.Method == "CONNECT" {
		f.connect(w, r)
		return
	}
	if !r.URL.IsAbs() || r.URL.Host != r.Host {
		f.naming.Add(1)
	}
	f.plain.Add(1)
	out := r.Clone(r.Context())
	out.RequestURI, out.URL.Host = "", f.to[r.URL.Host]
	out.Header.Del("Proxy-Authorization")
	answer, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		w.WriteHeader(502)
		return
	}
	defer answer.Body.Close()
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

func (f *forward) connect(w http.ResponseWriter, r *http.Request) {
	to, err := net.Dial("tcp", f.to[r.Host])
	if err != nil {
		w.WriteHeader(502)
		return
	}
	f.tunnels.Add(1)
	ours, read, err := w.(http.Hijacker).Hijack()
	if err != nil {
		to.Close()
		return
	}
	_, _ = io.WriteString(ours, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		defer to.Close()
		_, _ = io.Copy(to, read) // the server may already have read a byte of it
	}()
	go func() {
		defer ours.Close()
		_, _ = io.Copy(ours, to)
	}()
}

// Users send requests through a proxy: with absolute URLs to http, through tunnels to https. The driver resolves no name.
func TestUsersGoThroughAProxy(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		hit := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "at "+r.Host+r.URL.Path) }
		plain, secure := httptest.NewServer(http.HandlerFunc(hit)), httptest.NewTLSServer(http.HandlerFunc(hit))
		proxy := &forward{to: map[string]string{"shop.test": plain.Listener.Addr().String(), "pay.test:443": secure.Listener.Addr().String()}}
		server := httptest.NewServer(proxy)
		for _, s := range []*httptest.Server{plain, secure, server} {
			t.Cleanup(s.Close)
		}
		o.Lookup = func(context.Context, string, string) ([]netip.Addr, error) {
			return nil, errors.New("no name is looked up")
		}
		spec := loadgen.Spec{Target: "http://shop.test/", Proxy: strings.Replace(server.URL, "http://", "http://ann:key@", 1), Users: 4, Count: 40,
			TLS: loadgen.TLS{Insecure: true}, Timeout: loadgen.Duration(time.Minute), Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
				{Name: "item", Get: "/item", Checks: []loadgen.Check{{BodyContains: "at shop.test/item"}}},
				{Name: "pay", Post: "https://pay.test/pay", Checks: []loadgen.Check{{BodyContains: "at pay.test/pay"}}},
			}}}}
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		if m.Total.Requests != 80 || m.Total.Unexpected != 0 || m.Total.IterationsFailed != 0 || proxy.plain.Load() != 40 || proxy.tunnels.Load() != 40 || proxy.refused.Load()+proxy.naming.Load() != 0 {
			t.Errorf("%+v, %v; %d plain, %d tunnels, %d without a password, %d named wrongly", m.Total, m.failures, proxy.plain.Load(), proxy.tunnels.Load(), proxy.refused.Load(), proxy.naming.Load())
		}
		spec.Proxy, spec.Target, spec.Count = server.URL, "https://pay.test/", 4
		spec.Scenarios[0].Steps = spec.Scenarios[0].Steps[1:]
		m = carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		if m.Total.Errors[loadgen.ErrConnect] != 4 || len(m.failures) == 0 || !strings.Contains(m.failures[0].Why, "it answered CONNECT pay.test:443 with 407") {
			t.Errorf("%+v, %v", m.Total, m.failures)
		}
	})
}

// Plain requests are sent through a proxy on every transport.
func TestPlainRequestsGoThroughAProxy(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var wrong atomic.Int64
		hit := func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "shop.test" && r.Host != "pay.test" || r.Header.Get("Proxy-Authorization") != "" || r.URL.Path != "/item" {
				wrong.Add(1)
			}
		}
		plain, secure := httptest.NewServer(http.HandlerFunc(hit)), httptest.NewUnstartedServer(http.HandlerFunc(hit))
		secure.EnableHTTP2 = true
		secure.StartTLS()
		proxy := &forward{to: map[string]string{"shop.test": plain.Listener.Addr().String(), "pay.test:443": secure.Listener.Addr().String()}}
		server := httptest.NewServer(proxy)
		for _, s := range []*httptest.Server{plain, secure, server} {
			t.Cleanup(s.Close)
		}
		o.Lookup = func(context.Context, string, string) ([]netip.Addr, error) {
			return nil, errors.New("no name is looked up")
		}
		spec := loadgen.Spec{Proxy: strings.Replace(server.URL, "http://", "http://ann:key@", 1), Connections: 2, Count: 20, TLS: loadgen.TLS{Insecure: true}, Timeout: loadgen.Duration(time.Minute)}
		for _, target := range []loadgen.Spec{{Target: "http://shop.test/item"}, {Target: "https://pay.test/item"}, {Target: "https://pay.test/item", HTTP2: true}} {
			spec.Target, spec.HTTP2 = target.Target, target.HTTP2
			m := carry(t, spec, o, loadgen.Share{}, nil)
			if m.Total.Requests != 20 || m.Total.Responses != 20 || m.Total.Unexpected != 0 {
				t.Errorf("%s: %+v", spec.Target, m.Total)
			}
		}
		if proxy.plain.Load() != 20 || proxy.tunnels.Load() != 4 || proxy.refused.Load()+proxy.naming.Load()+wrong.Load() != 0 {
			t.Errorf("%d plain, %d tunnels, %d without a password, %d named wrongly, %d wrong", proxy.plain.Load(), proxy.tunnels.Load(), proxy.refused.Load(), proxy.naming.Load(), wrong.Load())
		}
	})
}

// What the driver does not allow is refused before the proxy is contacted: a target that is allowed neither by name nor by address, and a
// proxy that is not allowed itself.
func TestAProxyOpensNoWayAroundTheAllowlist(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	proxy := netip.MustParseAddrPort(server.Listener.Addr().String())
	inside := netip.MustParseAddr("10.0.0.7")
	lookup := func(_ context.Context, _, host string) ([]netip.Addr, error) {
		switch host {
		case "unknown.test":
			return nil, errors.New("no such host")
		case "empty.test":
			return nil, nil
		}
		return []netip.Addr{inside}, nil
	}
	for name, c := range map[string]struct {
		target  string
		allowed func(addr netip.AddrPort, host string, resolved bool) bool
		ok      bool
	}{
		"by name": {"http://shop.test/", func(a netip.AddrPort, host string, resolved bool) bool {
			return a == proxy || host == "shop.test" && resolved
		}, true},
		"by address":               {"http://shop.test/", func(a netip.AddrPort, _ string, _ bool) bool { return a == proxy || a.Addr() == inside }, true},
		"neither":                  {"http://shop.test/", func(a netip.AddrPort, _ string, _ bool) bool { return a == proxy }, false},
		"an unknown name":          {"http://unknown.test/", func(a netip.AddrPort, _ string, _ bool) bool { return a == proxy || a.Addr() == inside }, false},
		"a name without addresses": {"http://empty.test/", func(a netip.AddrPort, _ string, _ bool) bool { return a == proxy || a.Addr() == inside }, false},
		"another address":          {"http://10.0.0.8/", func(a netip.AddrPort, _ string, _ bool) bool { return a == proxy || a.Addr() == inside }, false},
		"not the proxy":            {"http://shop.test/", func(_ netip.AddrPort, host string, _ bool) bool { return host == "shop.test" }, false},
		"over TLS":                 {"https://shop.test/", func(a netip.AddrPort, host string, _ bool) bool { return a == proxy || host == "shop.test" }, true},
	} {
		spec := loadgen.Spec{Target: c.target, Proxy: server.URL, Users: 1, Count: 1, Scenarios: []loadgen.Scenario{{Name: "a", Steps: gets("/")}}}
		o := Options{Lookup: lookup, Allow: func(a netip.AddrPort, host string, resolved bool) error {
			if !c.allowed(a, host, resolved) {
				return errors.New("not allowed")
			}
			return nil
		}}
		if _, err := New(spec.WithDefaults(), o); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("the proxy was asked %d times", asked.Load())
	}
}
