package script

import (
	"testing"

	"landfall/loadgen"
)

func hostsProgram(t *testing.T) *Program {
	t.Helper()
	spec := scenarioSpec(loadgen.Step{Get: "/"})
	spec.Target, spec.Hosts = "https://Shop.example/base", []string{"http://idp.example:8080", "https://api.example"}
	s, err := Compile(spec, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Program
}

// An extracted URL is accepted on the program's hosts only, whatever the case of the host and whether it has the default port.
func TestLocate(t *testing.T) {
	p := hostsProgram(t)
	for text, want := range map[string]struct {
		host int
		path string
		ok   bool
	}{
		"/a?b": {0, "/a?b", true}, "a/b": {0, "/a/b", true}, "": {0, "/", true}, "/": {0, "/", true},
		"https://shop.example/x": {0, "/x", true}, "HTTPS://SHOP.example:443": {0, "/", true}, "https://shop.example?q=1#f": {0, "/?q=1", true},
		"http://idp.example:8080/login?next=https://evil.example/": {1, "/login?next=https://evil.example/", true}, "//api.example/y": {2, "/y", true},
		"http://shop.example/x": {ok: false}, "https://evil.example/": {ok: false}, "//evil.example/": {ok: false}, "http://idp.example/": {ok: false},
		"https://shop.example.evil.example/": {ok: false}, "https://shop.example@evil.example/": {ok: false}, "https://u:p@shop.example/": {ok: false}, "ftp://shop.example/": {ok: false},
	} {
		host, path, ok := p.locate([]byte(text))
		if ok != want.ok || ok && (host != want.host || string(path) != want.path) {
			t.Errorf("%q: host %d, path %q, %v; want %+v", text, host, path, ok, want)
		}
	}
}

func TestRedirect(t *testing.T) {
	p := hostsProgram(t)
	for to, want := range map[string]Hop{
		"next": {Path: "/a/next", Host: 1}, "/top?x": {Path: "/top?x", Host: 1}, "?y=1": {Path: "/a/b?y=1", Host: 1}, "//api.example/z": {}, "https://API.example/z#f": {Path: "/z", Host: 2},
		"https://shop.example": {Path: "/", Host: 0}, "https://evil.example/": {}, "mailto:a@b": {}, "http://[": {},
	} {
		got, ok := p.Redirect(1, "/a/b", to)
		if ok != (want.Path != "") || ok && got != want {
			t.Errorf("%s: %+v, %v; want %+v", to, got, ok, want)
		}
	}
}
