package script

import (
	"strings"
	"testing"

	"landfall/loadgen"
)

// Through a proxy, plain http requests have an absolute URL and the proxy's credentials; https requests, which pass a tunnel, have neither.
func TestPlainRequestsThroughAProxy(t *testing.T) {
	const proxy = "http://ann:key@proxy.test:3128"
	for _, c := range []struct{ target, proxy, want string }{
		{"http://Shop.test/a?b=1", proxy, "GET http://shop.test/a?b=1 HTTP/1.1\r\nProxy-Authorization: Basic YW5uOmtleQ==\r\nHost: "},
		{"http://u:p@shop.test:8080/{{seq}}", "http://proxy.test", "GET http://shop.test:8080/0 HTTP/1.1\r\nHost: shop.test:8080\r\n"},
		{"https://shop.test/a", proxy, "GET /a HTTP/1.1\r\nHost: shop.test\r\n"},
		{"http://shop.test/a", "", "GET /a HTTP/1.1\r\nHost: shop.test\r\n"},
	} {
		spec := loadgen.Spec{Target: c.target, Proxy: c.proxy, Count: 1}.WithDefaults()
		s, err := Compile(spec, Options{})
		if err != nil {
			t.Errorf("%s: %v", c.target, err)
			continue
		}
		if got := string(s.Reader(0).Bytes(nil, 0, 0)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", c.target, got, c.want)
		}
	}
	spec := loadgen.Spec{Target: "http://shop.test/", Proxy: proxy, Count: 1, Headers: map[string]string{"Host": "other.test"}}.WithDefaults()
	if _, err := Compile(spec, Options{}); err == nil || !strings.Contains(err.Error(), "a proxy might route the request by it") {
		t.Errorf("a Host header: %v", err)
	}
}
