package access

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const ann, bob = "0123456789abcdef", "fedcba9876543210"

// guarded returns a handler that requires one of two tokens, and responds with the caller's name.
func guarded(t *testing.T) http.Handler {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(path, []byte("ann operator "+ann+"\nbob viewer "+bob+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := New(Config{Listen: "Shop.test:80", Hosts: []string{"other.test"}, TokenFile: path})
	if err != nil {
		t.Fatal(err)
	}
	if !d.NeedsToken() {
		t.Fatal("no token is needed")
	}
	return d.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(Caller(r.Context()))) }))
}

// ask sends a request to a handler. headers are alternating names and values; Host sets the request's host.
func ask(h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://shop.test"+path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		if r.Header.Set(headers[i], headers[i+1]); headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestGuard(t *testing.T) {
	h := guarded(t)
	const asAnn, asBob = "Bearer " + ann, "Bearer " + bob
	evil := "http://evil.example"
	for _, c := range []struct {
		name, method, path string
		status             int
		caller             string
		headers            []string
	}{
		{"no token", "GET", "/api", 401, "", nil},
		{"wrong token", "GET", "/api", 401, "", []string{"Authorization", "Bearer x"}},
		{"operator", "POST", "/api", 200, "ann", []string{"Authorization", asAnn}},
		{"viewer reads", "GET", "/api", 200, "bob", []string{"Authorization", asBob}},
		{"viewer writes", "POST", "/api", 403, "", []string{"Authorization", asBob}},
		{"health", "GET", "/livez", 200, "", nil},
		{"page", "GET", "/page/app.js", 200, "", nil},
		{"not the page", "GET", "/pages", 401, "", nil},
		{"token of a socket", "GET", "/live", 200, "ann", []string{"Sec-WebSocket-Protocol", "landfall, token." + base64.RawURLEncoding.EncodeToString([]byte(ann))}},
		{"other host", "GET", "/livez", 403, "", []string{"Host", "evil.example"}},
		{"its own host", "GET", "/livez", 200, "", []string{"Host", "SHOP.test:8080"}},
		{"further host", "GET", "/livez", 200, "", []string{"Host", "other.test"}},
		{"localhost", "GET", "/livez", 200, "", []string{"Host", "localhost:1"}},
		{"address", "GET", "/livez", 200, "", []string{"Host", "[::1]:1"}},
		{"other origin reads", "GET", "/api", 200, "ann", []string{"Authorization", asAnn, "Origin", evil}},
		{"other origin writes", "POST", "/api", 403, "", []string{"Authorization", asAnn, "Origin", evil}},
		{"no origin", "POST", "/api", 403, "", []string{"Authorization", asAnn, "Origin", "null"}},
		{"same origin", "POST", "/api", 200, "ann", []string{"Authorization", asAnn, "Origin", "http://SHOP.test"}},
		{"other site", "POST", "/api", 403, "", []string{"Authorization", asAnn, "Sec-Fetch-Site", "cross-site"}},
		{"socket of another origin", "GET", "/live", 403, "", []string{"Authorization", asAnn, "Origin", evil, "Upgrade", "foo, websocket"}},
	} {
		w := ask(h, c.method, c.path, c.headers...)
		if w.Code != c.status || c.status == 200 && w.Body.String() != c.caller {
			t.Errorf("%s: %d %s, want %d %s", c.name, w.Code, w.Body, c.status, c.caller)
		}
		if c.status != 200 && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s is no problem detail", c.name, w.Header().Get("Content-Type"))
		}
		if w.Header().Get("X-Frame-Options") != "DENY" || !strings.HasPrefix(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", c.name, w.Header())
		}
	}
}

// Without tokens every client is an operator, and the page receives that role.
func TestWithoutTokens(t *testing.T) {
	d, err := New(Config{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	h := d.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if Caller(r.Context()) != "" || !Holds(r) {
			w.WriteHeader(500)
		}
	}))
	if w := ask(h, "POST", "/api", "Host", "127.0.0.1"); w.Code != 200 || w.Header().Get("Landfall-Role") != "operator" || d.NeedsToken() {
		t.Errorf("%d, role %q", w.Code, w.Header().Get("Landfall-Role"))
	}
	if _, err := New(Config{Listen: "127.0.0.1"}); err == nil {
		t.Error("an address without a port is accepted")
	}
}

// A connection that outlives its request, such as a WebSocket, notices that its token was removed.
func TestHoldsUntilTheTokenIsRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens")
	write := func(text string, at time.Time) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write("ann operator "+ann, time.Now())
	d, err := New(Config{Listen: "shop.test:80", TokenFile: path})
	if err != nil {
		t.Fatal(err)
	}
	var held []bool
	h := d.Guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		held = append(held, Holds(r))
		write("ann viewer "+ann, time.Now().Add(time.Minute)) // a different role is a different permission
		held = append(held, Holds(r))
	}))
	if w := ask(h, "GET", "/live", "Authorization", "Bearer "+ann); w.Code != 200 || len(held) != 2 || !held[0] || held[1] {
		t.Errorf("%d, held %v, want true, then false", w.Code, held)
	}
}

// One host can only try a few tokens; a request without a token does not count.
func TestGuessesAreLimited(t *testing.T) {
	h := guarded(t)
	status := map[int]int{}
	for range 40 {
		status[ask(h, "GET", "/api").Code]++
	}
	for range 20 {
		status[ask(h, "GET", "/api", "Authorization", "Bearer wrong").Code]++
	}
	if status[401] != 50 || status[429] != 10 {
		t.Errorf("%v, want 50 times 401 and 10 times 429", status)
	}
}
