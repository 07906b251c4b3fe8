package shop

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestClientCredentials(t *testing.T) {
	s := New(Config{})
	u := visit(t, s)
	r := httptest.NewRequest("POST", "/token", strings.NewReader("grant_type=client_credentials"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("user2", "secret2")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"token_type":"Bearer"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	u.must(400, "POST", "/token", "grant_type=magic")
}

func TestFormLoginRedirectsWithCookie(t *testing.T) {
	u := visit(t, New(Config{}))
	w := u.do("POST", "/login", "user=user1000&password=secret1000")
	if w.Code != 303 || w.Header().Get("Location") != "/account" {
		t.Fatalf("%d to %q, want 303 to /account", w.Code, w.Header().Get("Location"))
	}
	u.headers["Accept"] = "text/html"
	if page := u.must(200, "GET", "/account", ""); !strings.Contains(page, `<b id="name">user1000</b>`) {
		t.Errorf("page %s", page)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	u := visit(t, New(Config{}))
	u.must(400, "POST", "/login", `{"user":"`+strings.Repeat("a", maxBody)+`"}`)
	u.must(400, "POST", "/login", `{"user":`)
	u.login()
	u.must(404, "POST", "/cart", `{"item":501,"csrf":"`+u.csrf()+`"}`)
	u.must(400, "POST", "/cart", `{"item":1,"quantity":-1,"csrf":"`+u.csrf()+`"}`)
	u.must(404, "GET", "/nothing", "")
	u.must(405, "GET", "/checkout", "")
}
