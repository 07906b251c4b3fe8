package script

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

// written returns the first request of a spec as it is sent to a host, after a redirect if hop has a path.
func written(t *testing.T, spec loadgen.Spec, host int, hop Hop) string {
	t.Helper()
	p := compiledScript(t, spec, Options{Version: "1"}).Program
	scope := &template.Scope{Random: rand.NewPCG(1, 2), Now: time.Now}
	p.Reset(nil, 0, 0, scope)
	var f Filler
	out, path := f.Append(nil, p, &p.Messages[0], scope, host, nil, hop)
	if line, _, _ := strings.Cut(string(out), " HTTP/1.1"); !strings.HasSuffix(line, string(path)) {
		t.Errorf("path %s of %s", path, line)
	}
	return string(out)
}

// A redirect keeps the body unless it becomes a GET, and credentials unless it leads to another host.
func TestRequestAfterRedirect(t *testing.T) {
	spec := scenarioSpec(loadgen.Step{Post: "/login", Body: "b", Headers: map[string]string{"Content-Type": "text/plain", "Cookie": "own=1"}, Auth: &loadgen.Auth{Bearer: "t"}})
	spec.Hosts = []string{"http://idp.example"}
	const here = "Host: Shop.example:8080\r\nUser-Agent: landfall/1\r\n"
	for _, c := range []struct {
		host int
		hop  Hop
		want string
	}{
		{0, Hop{}, "POST /login HTTP/1.1\r\n" + here + "Content-Type: text/plain\r\nX-All: 1\r\nCookie: own=1\r\nAuthorization: Bearer t\r\nContent-Length: 1\r\n\r\nb"},
		{0, Hop{Path: "/next"}, "POST /next HTTP/1.1\r\n" + here + "Content-Type: text/plain\r\nX-All: 1\r\nCookie: own=1\r\nAuthorization: Bearer t\r\nContent-Length: 1\r\n\r\nb"},
		{0, Hop{Path: "/next", Get: true}, "GET /next HTTP/1.1\r\n" + here + "X-All: 1\r\nCookie: own=1\r\nAuthorization: Bearer t\r\n\r\n"},
		{1, Hop{Path: "/idp", Host: 1, Get: true}, "GET /idp HTTP/1.1\r\nHost: idp.example\r\nUser-Agent: landfall/1\r\nX-All: 1\r\n\r\n"},
	} {
		if got := written(t, spec, c.host, c.hop); got != c.want {
			t.Errorf("%+v: %q\nwant %q", c.hop, got, c.want)
		}
	}
}

// The proxy gets an absolute URL and its own credentials.
func TestRequestThroughProxy(t *testing.T) {
	spec := scenarioSpec(loadgen.Step{Get: "/a"})
	spec.Proxy = "http://ann:key@proxy.test:3128"
	want := "GET http://shop.example:8080/a HTTP/1.1\r\nProxy-Authorization: Basic YW5uOmtleQ==\r\nHost: Shop.example:8080\r\n"
	if got := written(t, spec, 0, Hop{}); !strings.HasPrefix(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	spec.Target = "https://shop.example/"
	if got := written(t, spec, 0, Hop{}); strings.Contains(got, "Proxy-Authorization") || !strings.HasPrefix(got, "GET /a HTTP/1.1\r\n") {
		t.Errorf("over TLS: %q", got)
	}
}

func TestExpectedStatus(t *testing.T) {
	for status, want := range map[int]bool{199: false, 200: true, 399: true, 400: false} {
		if got := (&Message{}).Expected(status); got != want {
			t.Errorf("%d: %v", status, got)
		}
	}
	if !(&Message{statusChecked: true}).Expected(500) {
		t.Error("the check judges the status")
	}
}
