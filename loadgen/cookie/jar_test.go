package cookie

import (
	"strings"
	"testing"
)

const now = 1_700_000_000

func sent(j *Jar, host, path string, secure bool) string {
	return string(j.Append(nil, host, path, secure, now))
}

func TestMatchingCookies(t *testing.T) {
	for name, test := range map[string]struct {
		set, host, path string
		secure          bool
		want            string
	}{
		"same host":               {"a=1", "shop.example", "/x", false, "a=1"},
		"other host":              {"a=1", "other.example", "/x", false, ""},
		"host only":               {"a=1", "www.shop.example", "/x", false, ""},
		"domain":                  {"a=1; Domain=.Shop.Example", "www.shop.example", "/x", false, "a=1"},
		"domain of somebody else": {"a=1; Domain=evil.example", "evil.example", "/x", false, ""},
		"a top level domain":      {"a=1; Domain=example", "other.example", "/x", false, ""},
		"suffix without a dot":    {"a=1; Domain=shop.example", "webshop.example", "/x", false, ""},
		"default path":            {"a=1", "shop.example", "/other/x", false, "a=1"},
		"path":                    {"a=1; Path=/cart", "shop.example", "/cart/items?x=1", false, "a=1"},
		"path is no prefix":       {"a=1; Path=/cart", "shop.example", "/cartoon", false, ""},
		"secure":                  {"a=1; Secure", "shop.example", "/x", false, ""},
		"secure over TLS":         {"a=1; Secure", "shop.example", "/x", true, "a=1"},
		"expired":                 {"a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "shop.example", "/x", false, ""},
		"not expired":             {"a=1; Expires=Wed, 21 Oct 2065 07:28:00 GMT", "shop.example", "/x", false, "a=1"},
		"max-age has precedence":  {"a=1; Max-Age=60; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "shop.example", "/x", false, "a=1"},
		"max-age 0":               {"a=1; Max-Age=0", "shop.example", "/x", false, ""},
		"endless max-age":         {"a=1; Max-Age=9223372036854775807", "shop.example", "/x", false, "a=1"},
		"no name":                 {"=1", "shop.example", "/x", false, ""},
		"no pair":                 {"HttpOnly", "shop.example", "/x", false, ""},
		"a line break":            {"a=1\r\nX: y", "shop.example", "/x", false, ""},
		"too long":                {"a=" + strings.Repeat("x", 5000), "shop.example", "/x", false, ""},
		"quotes stay":             {`a="1"`, "shop.example", "/x", false, `a="1"`},
	} {
		t.Run(name, func(t *testing.T) {
			var j Jar
			j.Set("shop.example", "/login", now, test.set)
			if got := sent(&j, test.host, test.path, test.secure); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestCookiesReplaceAndRemove(t *testing.T) {
	var j Jar
	for _, set := range []string{"a=1; Path=/", "b=2; Path=/cart", "a=3; Path=/", "c=4; Path=/"} {
		j.Set("h.example", "/", now, set)
	}
	if got := sent(&j, "h.example", "/cart", false); got != "b=2; a=3; c=4" {
		t.Errorf("%q", got)
	}
	j.Set("h.example", "/", now, "a=; Max-Age=-1; Path=/")
	if got := sent(&j, "h.example", "/", false); got != "c=4" {
		t.Errorf("%q", got)
	}
	j.Reset()
	if j.Len() != 0 {
		t.Error("not empty")
	}
}

func TestAJarIsBounded(t *testing.T) {
	var j Jar
	for i := range 1000 {
		j.Set("h.example", "/", now, strings.Repeat("n", i+1)+"=1")
	}
	if j.Len() != maxCookies {
		t.Errorf("%d", j.Len())
	}
}

func TestIPAddressesHaveNoSubdomains(t *testing.T) {
	var j Jar
	j.Set("10.0.0.1", "/", now, "a=1; Domain=0.0.1")
	j.Set("10.0.0.1", "/", now, "b=2; Domain=10.0.0.1")
	if got := sent(&j, "10.0.0.1", "/", false); got != "b=2" {
		t.Errorf("%q", got)
	}
}

func FuzzSet(f *testing.F) {
	f.Add("a=1; Path=/; Domain=.b.c; Max-Age=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Secure", "b.c", "/x/y")
	f.Fuzz(func(t *testing.T, header, host, path string) {
		var j Jar
		j.Set(host, path, now, header)
		if got := sent(&j, host, path, true); strings.ContainsAny(got, "\r\n\x00") {
			t.Errorf("%q", got)
		}
	})
}
