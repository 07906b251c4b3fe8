package access

import (
	"net/http"
	"testing"
)

func TestCallerBehindAProxy(t *testing.T) {
	p, err := parseProxies([]string{"10.0.0.0/8", "::1", "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, remote, want string
		forwarded          []string
	}{
		{"no proxy", "203.0.113.5:7", "203.0.113.5:7", []string{"198.51.100.1"}},
		{"a proxy", "10.1.2.3:7", "198.51.100.1:0", []string{"198.51.100.1"}},
		{"a mapped proxy", "[::ffff:10.1.2.3]:7", "198.51.100.1:0", []string{"198.51.100.1"}},
		{"a chain of proxies", "[::1]:7", "198.51.100.1:0", []string{"198.51.100.1, 10.9.9.9", "192.0.2.1"}},
		{"forged by the client", "10.1.2.3:7", "198.51.100.1:0", []string{"203.0.113.99, 198.51.100.1"}},
		{"rubbish", "10.1.2.3:7", "10.1.2.3:7", []string{"x"}},
		{"nothing", "10.1.2.3:7", "10.1.2.3:7", nil},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := p.caller(r); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if _, err := parseProxies([]string{"proxy.example"}); err == nil {
		t.Error("a host name is accepted")
	}
}
