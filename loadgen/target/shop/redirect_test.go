package shop

import "testing"

func TestRedirectChain(t *testing.T) {
	u := visit(t, New(Config{}))
	for path, want := range map[string]string{"/redirect/3": "2", "/redirect/2": "http://shop.example/redirect/1", "/redirect/1": "0"} {
		if w := u.do("GET", path, ""); w.Code != 302 || w.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q, want 302 to %q", path, w.Code, w.Header().Get("Location"), want)
		}
	}
	u.must(200, "GET", "/redirect/0", "")
	u.must(404, "GET", "/redirect/51", "")
}
