package shop

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// user is a client of a shop with cookies.
type user struct {
	t       *testing.T
	shop    *Shop
	host    string
	headers map[string]string
	cookie  string
}

func visit(t *testing.T, s *Shop) *user {
	return &user{t: t, shop: s, host: "shop.example", headers: map[string]string{}}
}

// do sends a request. A body that starts with { is JSON, any other body is a form.
func (u *user) do(method, path, body string) *httptest.ResponseRecorder {
	u.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = u.host
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	} else if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range u.headers {
		r.Header.Set(name, value)
	}
	if u.cookie != "" {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: u.cookie})
	}
	w := httptest.NewRecorder()
	u.shop.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		u.cookie = c.Value
	}
	return w
}

// must calls do and requires a status.
func (u *user) must(status int, method, path, body string) string {
	u.t.Helper()
	w := u.do(method, path, body)
	if w.Code != status {
		u.t.Fatalf("%s %s: status %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	return w.Body.String()
}

func (u *user) login() {
	u.t.Helper()
	var answer struct{ Token string }
	json.Unmarshal([]byte(u.must(200, "POST", "/login", `{"user":"user7","password":"secret7"}`)), &answer)
	u.headers["Authorization"] = "Bearer " + answer.Token
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

func (u *user) csrf() string {
	u.t.Helper()
	found := csrfField.FindStringSubmatch(u.must(200, "GET", "/cart/form", ""))
	if found == nil {
		u.t.Fatal("no CSRF token in the form")
	}
	return found[1]
}

func wantViolations(t *testing.T, s *Shop, want map[Kind]int64) {
	t.Helper()
	for kind, n := range s.Violations() {
		if n != want[kind] {
			t.Errorf("%d violations of %s, want %d", n, kind, want[kind])
		}
	}
}

func TestCorrectUserHasNoViolations(t *testing.T) {
	s := New(Config{})
	u := visit(t, s)
	u.login()
	u.must(200, "GET", "/items", "")
	u.must(200, "GET", "/items/500", "")
	u.must(200, "POST", "/cart", `{"csrf":"`+u.csrf()+`","item":3,"quantity":2}`)
	u.must(200, "POST", "/cart", "item=4&csrf="+u.csrf())
	if cart := u.must(200, "GET", "/cart", ""); !strings.Contains(cart, `"quantity":2`) || !strings.Contains(cart, `"id":4`) {
		t.Errorf("cart %s", cart)
	}
	order := u.do("POST", "/checkout", "").Header().Get("Location")
	if shown := u.must(200, "GET", order, ""); !strings.Contains(shown, "user7") {
		t.Errorf("order %s", shown)
	}
	u.must(200, "GET", "/account", "")
	u.must(204, "POST", "/logout", "")
	wantViolations(t, s, nil)
	if got, want := s.Counts(), (Counts{Logins: 1, Users: 1, Logouts: 1, CartItems: 2, Orders: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestViolationsAreRefusedAndCounted(t *testing.T) {
	for name, c := range map[string]struct {
		kind   Kind
		status int
		do     func(u *user)
	}{
		"wrong password":   {Password, 401, func(u *user) { u.do("POST", "/login", `{"user":"user7","password":"secret8"}`) }},
		"unknown user":     {Password, 401, func(u *user) { u.do("POST", "/login", `{"user":"user1001","password":"secret1001"}`) }},
		"leading zero":     {Password, 401, func(u *user) { u.do("POST", "/login", "user=user07&password=secret07") }},
		"no cookie":        {Cookie, 401, func(u *user) { u.cookie = ""; u.do("GET", "/cart/form", "") }},
		"unknown cookie":   {Cookie, 401, func(u *user) { u.cookie = strings.Repeat("0", idLength); u.do("GET", "/cart", "") }},
		"after logout":     {Cookie, 401, func(u *user) { c := u.cookie; u.do("POST", "/logout", ""); u.cookie = c; u.do("GET", "/cart", "") }},
		"no token":         {Token, 401, func(u *user) { delete(u.headers, "Authorization"); u.do("POST", "/checkout", "") }},
		"changed token":    {Token, 401, func(u *user) { u.headers["Authorization"] += "0"; u.do("GET", "/items", "") }},
		"cookie as token":  {Token, 401, func(u *user) { u.headers["Authorization"] = "Bearer " + u.cookie; u.do("GET", "/items", "") }},
		"another's cookie": {Cookie, 401, func(u *user) { v := visit(u.t, u.shop); v.login(); u.cookie = v.cookie; u.do("GET", "/items", "") }},
		"another's token": {Token, 401, func(u *user) {
			v := visit(u.t, u.shop)
			v.login()
			u.headers = v.headers
			u.do("POST", "/checkout", "")
		}},
		"form not fetched": {Order, 409, func(u *user) { u.do("POST", "/cart", `{"csrf":"x","item":1}`) }},
		"empty cart":       {Order, 409, func(u *user) { u.do("POST", "/checkout", "") }},
		"no CSRF token":    {CSRF, 403, func(u *user) { u.csrf(); u.do("POST", "/cart", `{"item":1}`) }},
		"CSRF token twice": {CSRF, 403, func(u *user) {
			c := u.csrf()
			u.must(200, "POST", "/cart", "item=1&csrf="+c)
			u.do("POST", "/cart", "item=1&csrf="+c)
		}},
		"another's CSRF": {CSRF, 403, func(u *user) {
			v := visit(u.t, u.shop)
			v.login()
			c := v.csrf()
			u.csrf()
			u.do("POST", "/cart", "item=1&csrf="+c)
		}},
	} {
		s := New(Config{})
		u := visit(t, s)
		u.login()
		c.do(u)
		if n := s.Violations()[c.kind]; n != 1 || statusOf[c.kind] != c.status {
			t.Errorf("%s: %v, want one of %s", name, s.Violations(), c.kind)
		}
		wantViolations(t, s, map[Kind]int64{c.kind: 1})
	}
}

func read(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
