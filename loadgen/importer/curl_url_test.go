package importer

import (
	"strings"
	"testing"
)

func TestCurlTarget(t *testing.T) {
	for line, want := range map[string]string{
		`curl 'https://a/?filter\[status\]=active&x=\{y\}'`: "https://a/?filter[status]=active&x=%7By%7D", // as copied by Chrome
		`curl -g 'http://a/?f[0]={{x}}'`:                    "http://a/?f[0]=%7B%7Bx%7D%7D",
		`curl http://[::1]:8080/x`:                          "http://[::1]:8080/x",
		`curl 'http://[fe80::1%25eth0]/'`:                   "http://[fe80::1%25eth0]/",
		`curl http://a/x/../y/./%2e%2E/z`:                   "http://a/z",
		`curl http://a/../..`:                               "http://a/",
		`curl http://a/b/..`:                                "http://a/",
		`curl --path-as-is http://a/x/../y`:                 "http://a/x/../y",
		`curl 'http://a/group%2Fproj/read me|é'`:            "http://a/group%2Fproj/read%20me%7C%C3%A9",
		`curl 'http://a?x=http://b/../c#frag'`:              "http://a/?x=http://b/../c",
		`curl a.test/x#f`:                                   "http://a.test/x",
		`curl --proto-default https a`:                      "https://a/",
		`curl HTTPS://A/`:                                   "https://A/",
		`curl -G 'http://a/?x=1' -d y=2 --data-urlencode 'z=ä b' --url-query 'q=1 2' --url-query +r=%20`: "http://a/?x=1&y=2&z=%C3%A4+b&q=1+2&r=%20",
		`curl --unix-socket /run/a.sock http://docker/v1/info?x`:                                         "unix:/run/a.sock:/v1/info?x",
		`curl http://u:p@a:8080/`: "http://a:8080/",
	} {
		if i, err := fromCurl(line); err != nil || i.Spec.Target != want {
			t.Errorf("%s: %q, %v, want %q", line, i.Spec.Target, err, want)
		}
	}
	for line, want := range map[string]string{
		`curl 'http://a/file[1-3].txt'`: `expands "[" to several URLs`, `curl 'http://a/{one,two}'`: `expands "{" to several URLs`, `curl 'http://a/x}'`: `several URLs`,
		`curl ftp.example.com/x`: "curl would use ftp", "curl ftp://a": "must be a URL with http", "curl 'http://:80'": "must be a URL", "curl /x": "is not a URL",
	} {
		if i, err := fromCurl(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v, want %s", line, i.Spec.Target, err, want)
		}
	}
}
