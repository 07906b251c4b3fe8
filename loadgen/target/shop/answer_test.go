package shop

import (
	"compress/gzip"
	"strings"
	"testing"
)

func TestLongResponsesAreCompressed(t *testing.T) {
	u := visit(t, New(Config{}))
	u.login()
	plain := u.must(200, "GET", "/items", "")
	u.headers["Accept-Encoding"] = "gzip, br"
	w := u.do("GET", "/items", "")
	g, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, g); got != plain || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("%q, want %q", got, plain)
	}
	if w := u.do("GET", "/redirect/0", ""); w.Header().Get("Content-Encoding") != "" {
		t.Error("a short answer was compressed")
	}
}

func TestItemsAsHTML(t *testing.T) {
	u := visit(t, New(Config{}))
	u.login()
	u.headers["Accept"] = "text/html,*/*"
	if page := u.must(200, "GET", "/items?offset=20", ""); !strings.Contains(page, `<a href="/items/21">Item No. 21</a>`) || strings.Contains(page, "/items/41") {
		t.Errorf("page %s", page)
	}
	if page := u.must(200, "GET", "/items/1", ""); !strings.Contains(page, `<span class="price">38.50</span>`) {
		t.Errorf("page %s", page)
	}
	u.must(404, "GET", "/items/0", "")
}
