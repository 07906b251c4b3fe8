package importer

import (
	"reflect"
	"strings"
	"testing"
)

func TestCurlHeaders(t *testing.T) {
	for _, c := range []struct {
		line  string
		want  map[string]string
		notes string
	}{
		{`curl http://a -H 'Accept:'`, nil, ""},
		{`curl http://a -A ''`, map[string]string{"Accept": "*/*", "User-Agent": ""}, ""},
		{`curl http://a -H 'User-Agent:'`, map[string]string{"Accept": "*/*", "User-Agent": ""}, ""},
		{`curl http://a -H 'accept: x' -b a=1 -H 'Cookie: c=2'`, map[string]string{"accept": "x", "Cookie": "c=2"}, ""},
		{`curl http://a -b 'a=1;' -b b=2`, map[string]string{"Accept": "*/*", "Cookie": "a=1; b=2"}, ""},
		{`curl http://a -b ''`, map[string]string{"Accept": "*/*"}, "curl's --cookie '': cookies of responses are not kept"},
		{`curl http://a -H 'X-A: 1' -H 'x-a: 2'`, map[string]string{"Accept": "*/*", "X-A": "1, 2"}, "header X-A is given 2 times: its values are sent as one header, separated by commas"},
		{`curl http://a -H 'X: {{seq}}'`, map[string]string{"Accept": "*/*", "X": `{{"{{"}}seq}}`}, ""},
		{`curl http://a -H 'Transfer-Encoding: chunked' -d x`, map[string]string{"Accept": "*/*", "Content-Type": "application/x-www-form-urlencoded"}, "header Transfer-Encoding is left out: bodies are always sent with Content-Length"},
		{`curl http://a -d x -H 'Content-Type:'`, map[string]string{"Accept": "*/*"}, ""},
		{`curl http://ana:p%40ss@a`, map[string]string{"Accept": "*/*", "Authorization": "Basic YW5hOnBAc3M="}, ""},
		{`curl http://a -u x:y --oauth2-bearer t`, map[string]string{"Accept": "*/*", "Authorization": "Bearer t"}, ""},
		{`curl http://a -u x:y -H 'authorization: z'`, map[string]string{"Accept": "*/*", "authorization": "z"}, ""},
		{`curl http://a -r 0-9 -e 'http://r;auto'`, map[string]string{"Accept": "*/*", "Range": "bytes=0-9", "Referer": "http://r"}, ""},
	} {
		i, err := fromCurl(c.line)
		if got := strings.Join(i.Notes, "; "); err != nil || !reflect.DeepEqual(i.Spec.Headers, c.want) || got != c.notes {
			t.Errorf("%s: %v\n got %q, notes %q\nwant %q, notes %q", c.line, err, i.Spec.Headers, got, c.want, c.notes)
		}
	}
	for line, want := range map[string]string{
		`curl http://a -u ana`: `"ana" has no password`, `curl http://a -H 'Content-Type: a' -H 'content-type: b'`: "given 2 times",
		`curl http://a -H 'Host:'`: "without a Host header", `curl http://a -H $'X: \xe9'`: "not valid UTF-8", `curl http://a -H nonsense`: "must be \"Name: value\"",
		`curl http://a -H @file`: "write each with --header", `curl http://a -b jar.txt`: "cookies cannot be read from a file", "curl 'http://a' -H 'X: a\rb'": "is not a valid header value",
	} {
		if _, err := fromCurl(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
	if i, err := fromCurl("curl http://a -H 'Connection: close'"); err != nil || !i.Spec.NoKeepalive {
		t.Errorf("Connection: close: %+v, %v", i.Spec, err)
	}
}
