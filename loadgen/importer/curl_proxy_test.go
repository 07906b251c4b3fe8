package importer

import (
	"strings"
	"testing"
)

func TestCurlProxy(t *testing.T) {
	for line, want := range map[string]string{
		"curl -x proxy.test http://a/":                                            "http://proxy.test:1080",
		"curl -x http://proxy.test:3128/ https://a/":                              "http://proxy.test:3128",
		"curl --proxy http://u:p@proxy.test:3128 http://a/":                       "http://u:p@proxy.test:3128",
		"curl --proxy proxy.test:3128 -U 'ann:k y' http://a/":                     "http://ann:k%20y@proxy.test:3128",
		"curl -x p --noproxy '*' http://a/":                                       "",
		"curl --noproxy a http://a/":                                              "",
		"curl -x '' http://a/":                                                    "",
		"curl --proxy1.0 proxy.test:8080 --proxy-basic http://a/":                 "http://proxy.test:8080",
		"curl --proxy http://proxy.test:3128 --http2 https://a/ -H 'Accept: a/b'": "http://proxy.test:3128",
	} {
		if i, err := fromCurl(line); err != nil || i.Spec.Proxy != want {
			t.Errorf("%s: %q, %v, want %q", line, i.Spec.Proxy, err, want)
		}
	}
	for line, want := range map[string]string{
		"curl -x socks5://p:1 http://a/": "must be the URL of an HTTP proxy", "curl -x https://p http://a/": "must be the URL of an HTTP proxy",
		"curl --socks5 p http://a/": "only HTTP proxies are supported", "curl -x p -U ann http://a/": "it has no password",
		"curl -x p --noproxy b.test http://a/": "beside --proxy it must be *", "curl -x p -p http://a/": "option -p: only https targets",
		"curl -x p -H 'Host: b' http://a/": "a proxy might route", "curl -x p --resolve a:80:127.0.0.1 http://a/": "a proxy resolves names itself",
	} {
		if _, err := fromCurl(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
	if i, err := fromCurl("curl -x p --proxy-digest http://a/"); err != nil || strings.Join(i.Notes, "") != "curl's --proxy-digest: the proxy gets basic authentication" {
		t.Errorf("%v, %q", err, i.Notes)
	}
}
