package endpoint

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

// throughProxy returns the request that a proxy receives, and the result of its answer.
func throughProxy(t *testing.T, e *Endpoint, answer string) (*http.Request, error) {
	t.Helper()
	ours, theirs := net.Pipe()
	defer ours.Close()
	received := make(chan *http.Request, 1)
	go func() {
		defer theirs.Close()
		r, err := http.ReadRequest(bufio.NewReader(theirs))
		if err != nil {
			t.Error(err)
		}
		received <- r
		_, _ = io.WriteString(theirs, answer)
	}()
	err := e.connectThrough(t.Context(), ours)
	return <-received, err
}

func TestTunnel(t *testing.T) {
	e := &Endpoint{host: "proxy.test", tunnel: "target.test:443", proxyAuth: "Basic YTpi"}
	for answer, want := range map[string]string{
		"HTTP/1.1 200 Connection established\r\n\r\n":                             "",
		"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n": "proxy proxy.test: it answered CONNECT target.test:443 with 407 Proxy Authentication Required",
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 70_000) + "\r\n\r\n":       "head is too long",
		"SSH-2.0-OpenSSH_9.6\r\n":                                                 "proxy proxy.test: ",
		"":                                                                        "proxy proxy.test: ",
	} {
		r, err := throughProxy(t, e, answer)
		if r == nil || r.Method != http.MethodConnect || r.RequestURI != "target.test:443" || r.Host != "target.test:443" || r.Header.Get("Proxy-Authorization") != "Basic YTpi" {
			t.Fatalf("the proxy received %+v", r)
		}
		if got := errorText(err); want == "" && err != nil || !strings.Contains(got, want) || want != "" && err == nil {
			t.Errorf("an answer %.40q: error %q, want %q", answer, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A proxy that does not answer is given up at the deadline.
func TestTunnelHasADeadline(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	go func() { _, _ = io.Copy(io.Discard, theirs) }()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	var timeout net.Error
	if err := (&Endpoint{host: "p", tunnel: "t:443"}).connectThrough(ctx, ours); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("%v, want a timeout", err)
	}
}

// A target behind a proxy must be allowed by its name or by every address that this machine resolves it to.
func TestTargetsBehindAProxyAreChecked(t *testing.T) {
	allowed := netip.MustParsePrefix("10.0.0.0/8")
	refused := errors.New("refused")
	addresses := map[string][]netip.Addr{
		"inside.test": {netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")},
		"mixed.test":  {netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("192.0.2.1")},
		"empty.test":  {},
	}
	o := Options{
		Allow: func(to netip.AddrPort, host string, _ bool) error {
			if host == "named.test" || to.Addr().IsValid() && allowed.Contains(to.Addr()) {
				return nil
			}
			return refused
		},
		Lookup: func(_ context.Context, _, host string) ([]netip.Addr, error) { return addresses[host], nil },
	}
	for host, want := range map[string]bool{"named.test": true, "inside.test": true, "mixed.test": false, "empty.test": false, "10.1.2.3": true, "192.0.2.7": false} {
		if err := allowProxied(loadgen.Target{Scheme: "https", Host: host, Port: 443}, o); (err == nil) != want {
			t.Errorf("%s: %v, want allowed: %v", host, err, want)
		}
	}
	if err := allowProxied(loadgen.Target{Host: "192.0.2.7"}, Options{}); err != nil {
		t.Errorf("without a list of what is allowed: %v", err)
	}
}
