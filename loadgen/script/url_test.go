package script

import (
	"strings"
	"testing"

	"landfall/loadgen"
)

// The escapes of a path are kept; characters that are not allowed are escaped, in paths and queries.
func TestRequestTarget(t *testing.T) {
	for _, c := range []struct{ target, url, want string }{
		{"http://a/", "/x?q=new york", "/x?q=new%20york"},
		{"http://a/", "/projects/group%2Fproj/read me.md", "/projects/group%2Fproj/read%20me.md"},
		{"http://a/", "/{id}|é?q={x}", "/%7Bid%7D%7C%C3%A9?q=%7Bx%7D"},
		{"http://a/", "/login?next=http://b/c", "/login?next=http://b/c"},
		{"http://a/base/", "items/1?x#y", "/base/items/1?x"},
		{"http://a/base/", "../x", "/x"},
		{"http://a/base?x=1", "?y=2", "/base?y=2"},
		{"http://a/", "http://a/b c", "/b%20c"},
		{"http://a/", "/100%", "/100%25"},
		{"http://a/%2F/x", "", "/%2F/x"},
		{"http://a?x=1", "", "/?x=1"},
		{"http://a/é", "", "/%C3%A9"},
		{"unix:/run/a.sock:/v1/x%2Fy?q", "", "/v1/x%2Fy?q"},
		{"http://a/", "/{{node}}/{{csv.u}}?u={{csv.u}}&v={{raw csv.u}}", "/n%201/R%26D%2F1?u=R%26D%2F1&v=R&D/1"},
	} {
		spec := loadgen.Spec{Target: c.target, Requests: []loadgen.Request{{Name: "x", URL: c.url}}, CSV: "u\nR&D/1\n"}
		got := string(compiledScript(t, spec, Options{NodeID: "n 1"}).Reader(0).Bytes(nil, 0, 0))
		if line, _, _ := strings.Cut(got, "\r\n"); line != "GET "+c.want+" HTTP/1.1" {
			t.Errorf("%s %s: %s, want %s", c.target, c.url, line, c.want)
		}
	}
}

func TestBodyEncodingFollowsContentType(t *testing.T) {
	for contentType, want := range map[string]string{
		"application/json": `{"u":"R&D \"x\""}`, "application/x-www-form-urlencoded": `{"u":"R%26D%20%22x%22"}`, "text/plain": `{"u":"R&D "x""}`,
	} {
		spec := loadgen.Spec{Target: "http://a/", Headers: map[string]string{"content-type": contentType}, Body: `{"u":"{{csv.u}}"}`, CSV: "u\n\"R&D \"\"x\"\"\"\n"}
		got := string(compiledScript(t, spec, Options{}).Reader(0).Bytes(nil, 0, 0))
		if _, body, _ := strings.Cut(got, "\r\n\r\n"); body != want {
			t.Errorf("%s: %s, want %s", contentType, body, want)
		}
	}
}
