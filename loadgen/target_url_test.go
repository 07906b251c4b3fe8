package loadgen

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParseTarget(t *testing.T) {
	for _, c := range []struct{ raw, scheme, endpoint, address, header, path string }{
		{"http://a.test", "http", "a.test", "a.test:80", "a.test", ""},
		{"https://a.test:443/x?y=1", "https", "a.test", "a.test:443", "a.test", "/x?y=1"},
		{"https://a.test:80/", "https", "a.test", "a.test:80", "a.test:80", "/"},
		{"http://ana:x@[::1]:8080/p", "http", "::1", "[::1]:8080", "[::1]:8080", "/p"},
		{"unix:/run/a.sock", "http", "unix:/run/a.sock", "", "localhost", "/"},
		{"unix:/run/a.sock:/p?q=1", "http", "unix:/run/a.sock", "", "localhost", "/p?q=1"},
	} {
		got, err := ParseTarget("target", c.raw)
		if err != nil {
			t.Errorf("%s: %v", c.raw, err)
			continue
		}
		path := got.URL.EscapedPath()
		if got.URL.RawQuery != "" {
			path += "?" + got.URL.RawQuery
		}
		if got.Scheme != c.scheme || got.Endpoint() != c.endpoint || got.Address() != c.address || HostHeader(got.URL) != c.header || path != c.path {
			t.Errorf("%s: %+v, endpoint %s, address %s, header %s, path %s", c.raw, got, got.Endpoint(), got.Address(), HostHeader(got.URL), path)
		}
	}
}

func TestInvalidTargets(t *testing.T) {
	for raw, want := range map[string]string{
		"ftp://a/": "http, https or unix:", "a.test/x": "http, https or unix:", "http://": "http, https or unix:", "unix:a.sock": "http, https or unix:",
		"http://a:0/": "the port must be", "http://a:65536/": "the port must be", "http://a/b c": "must not contain spaces", "http://a/%zz": "is not a valid escape",
		"http://bücher.example/": "Punycode",
	} {
		if _, err := ParseTarget("target", raw); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", raw, err, want)
		}
	}
}

func FuzzParseResolve(f *testing.F) {
	for _, text := range []string{"shop.example:443:127.0.0.1", "[::1]:80:[::1],10.0.0.1", "a:80:", ":80:1.2.3.4", "a:0:1.2.3.4", "a:99999:1.2.3.4", "[a:80"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseResolve(text)
		if err != nil {
			return
		}
		addrs, err := Resolved([]string{text}, r.Host, r.Port)
		if err != nil || len(addrs) == 0 || len(addrs) != len(r.Addrs) {
			t.Fatalf("%q: %v, %v", text, addrs, err)
		}
		for _, a := range addrs {
			if !a.IsValid() || a.Port() == 0 {
				t.Fatalf("%q: %v", text, a)
			}
		}
	})
}

func TestOrigins(t *testing.T) {
	spec := Spec{Target: "https://Shop.example/base", Count: 1, Users: 1, Hosts: []string{"https://login.example/"}, Setup: []Step{{Get: "http://setup.example/x"}},
		Scenarios: []Scenario{{Name: "a", Steps: []Step{
			{Get: "/login?next=http://none.example/"}, {Get: "https://shop.example/x"}, {Post: "https://API.example:8443?{{q}}"}, {Get: "{{where}}"},
			{If: "1", Steps: []Step{{Get: "https://api.example:8443/b"}}, Else: []Step{{Choose: []Branch{{Steps: []Step{{Get: "http://c.example"}}}}}}},
		}}}}.WithDefaults()
	want := []string{"https://login.example", "https://api.example:8443", "http://c.example", "http://setup.example"}
	if got := spec.Origins(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if err := spec.Validate(); err != nil {
		t.Error(err)
	}
	for wrong, want := range map[string]string{
		"login.example": `hosts[0] "login.example": must be an origin`, "http://a/b": "must be an origin", "ftp://a": "must be a host such as", "http://{{h}}": "placeholders may follow the host",
	} {
		s := spec
		s.Hosts = []string{wrong}
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

func TestParseResolve(t *testing.T) {
	for text, want := range map[string]string{
		"a.test:80:127.0.0.1":              "a.test 80 [127.0.0.1:80]",
		"a.test:443:[::1]":                 "a.test 443 [[::1]:443]",
		"a.test:443:::1":                   "a.test 443 [[::1]:443]",
		"a.test:80:127.0.0.1, 10.1.2.3,::": "a.test 80 [127.0.0.1:80 10.1.2.3:80 [::]:80]",
		"[::2]:80:127.0.0.1":               "::2 80 [127.0.0.1:80]",
	} {
		r, err := ParseResolve(text)
		if got := fmt.Sprintf("%s %s %v", r.Host, r.Port, r.Addrs); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "nonsense", "a:80", "a:80:", "a:0:127.0.0.1", "a:http:127.0.0.1", "a:65536:127.0.0.1", ":80:127.0.0.1", "a:80:b.test", "a:80:127.0.0.1,", "-a:80"} {
		spec := Spec{Target: "http://b.test/", Count: 1, Resolve: []string{text}}
		if err := spec.WithDefaults().Validate(); err == nil || !strings.Contains(err.Error(), "must be host:port:address") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A host that cannot be one is named where it stands: in a step, or in hosts.
func TestPlaceOfAHost(t *testing.T) {
	inner := []Step{{Get: "/"}, {Choose: []Branch{{}, {Steps: []Step{{Post: "ftp://deep/x"}}}}}}
	s := Spec{Hosts: []string{"ftp://list"}, Scenarios: []Scenario{{Name: "a", Steps: inner}}, Setup: []Step{{Get: "ftp://first/"}}}
	for origin, want := range map[string]string{
		"ftp://list": "hosts[0]", "ftp://deep": "scenarios[0].steps[1].choose[1].steps[0].post", "ftp://first": "setup[0].get", "ftp://none": "hosts",
	} {
		if got := s.placeOf(origin); got != want {
			t.Errorf("%s: %s, want %s", origin, got, want)
		}
	}
}
