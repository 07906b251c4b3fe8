package importer

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestFromHAR(t *testing.T) {
	got, err := fromHAR([]byte(recorded), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	want := imported{
		Spec: loadgen.Spec{
			Target: "https://shop.test/", Order: "sequence", Duration: duration, Headers: map[string]string{"accept": "*/*", "user-agent": "b"},
			Requests: []loadgen.Request{
				{Name: "GET /", Method: "GET", URL: "/?a=1", Headers: map[string]string{"cookie": "s=1"}},
				{Name: "POST /cart", Method: "POST", URL: "/cart", Body: `{"a":1}`},
				{Name: "POST /cart #2", Method: "POST", URL: "/cart", Body: "a=x+y&b=%26"},
			},
		},
		Notes: []string{
			`entry 3 is left out: GET "data:image/png;base64,xx" is not an HTTP request`,
			"left out: 1 request to https://cdn.test (a spec has one target; see --host)",
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	checkImported(t, got.Spec)
}

// entries returns an archive with one GET request for each URL. "URL -> LOCATION" adds a redirect.
func entries(urls ...string) string {
	var all []string
	for _, url := range urls {
		url, redirect, _ := strings.Cut(url, " -> ")
		all = append(all, fmt.Sprintf(`{"request":{"method":"GET","url":%q},"response":{"status":301,"redirectURL":%q}}`, url, redirect))
	}
	return `{"log":{"entries":[` + strings.Join(all, ",") + `]}}`
}

func TestHAROrigin(t *testing.T) {
	redirected := entries("http://shop.test/ -> https://www.shop.test/", "https://www.shop.test/ -> /en/", "https://cdn.test/1", "https://www.shop.test/en/", "https://CDN.test/2", "https://cdn.test/3")
	for host, want := range map[string]string{
		"": "https://www.shop.test/ 2", "cdn.test": "https://cdn.test/ 3", "https://cdn.test/": "https://cdn.test/ 3", "http://shop.test": "http://shop.test/ 1", "shop.test": "http://shop.test/ 1",
	} {
		i, err := fromHAR([]byte(redirected), nil, host)
		if got := fmt.Sprintf("%s %d", i.Spec.Target, len(i.Spec.Requests)); err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", host, got, err, want)
		}
	}
	if _, err := fromHAR([]byte(redirected), nil, "https://shop.test"); err == nil || !strings.Contains(err.Error(), "no request to https://shop.test; it has requests to http://shop.test, https://www.shop.test, https://cdn.test") {
		t.Errorf("%v", err)
	}
	if i, err := fromHAR([]byte(entries("http://a/ -> http://elsewhere/")), nil, ""); err != nil || i.Spec.Target != "http://a/" {
		t.Errorf("redirect to an origin that was not recorded: %s, %v", i.Spec.Target, err)
	}
}

func TestHARURLs(t *testing.T) {
	for url, want := range map[string]string{
		"http://a/?q=new york": "/?q=new%20york", "http://a/group%2Fproj/read me.md": "/group%2Fproj/read%20me.md", "http://a?x={{seq}}": "/?x=%7B%7Bseq%7D%7D",
		"http://a/?redirect_uri=https://b/c": "/?redirect_uri=https://b/c", "http://a": "/", "http://a/x|y#z": "/x%7Cy",
	} {
		i, err := fromHAR([]byte(entries(url)), nil, "")
		if err != nil || i.Spec.Requests[0].URL != want {
			t.Errorf("%s: %+v, %v, want %s", url, i.Spec.Requests, err, want)
			continue
		}
		checkImported(t, i.Spec)
	}
}

func TestHARNotes(t *testing.T) {
	entry := func(version, header, url string) string {
		return fmt.Sprintf(`{"request":{"method":"GET","url":%q,"httpVersion":%q,"headers":[{"name":"User-Agent","value":"b"},{"name":%q,"value":"1"}]}}`, url, version, header)
	}
	for _, c := range []struct {
		entries []string
		http2   bool
		notes   string
	}{
		{[]string{entry("h2", "a", "https://a/"), entry("HTTP/2.0", "a", "https://a/")}, true, ""},
		{[]string{entry("h2", "a", "https://a/"), entry("h3", "a", "https://a/")}, true, "1 request was recorded over HTTP/3: sent over HTTP/2"},
		{[]string{entry("h2", "a", "https://a/"), entry("HTTP/1.1", "a", "https://a/")}, false, "1 of 2 requests were recorded over HTTP/2 or HTTP/3: all are sent over HTTP/1.1; see http2"},
		{[]string{entry("HTTP/1.1", "If-None-Match", "http://a/"), entry("", "range", "http://a/")}, false, "1 request is conditional (If-None-Match, If-Modified-Since): the target may respond with 304 and no body; 1 request is for a part (Range): the target may respond with 206"},
		{[]string{`{"request":{"method":"GET","url":"http://a/","headers":[{"name":"Connection","value":"close"}]}}`}, false, "connections were closed after a request (Connection: close): they are kept open; see no_keepalive; 1 request has no User-Agent: landfall sends its own"},
	} {
		i, err := fromHAR([]byte(`{"log":{"entries":[`+strings.Join(c.entries, ",")+`]}}`), nil, "")
		if got := strings.Join(i.Notes, "; "); err != nil || got != c.notes || i.Spec.HTTP2 != c.http2 {
			t.Errorf("%v\n got %q, http2 %v, %v\nwant %q, http2 %v", c.entries, got, i.Spec.HTTP2, err, c.notes, c.http2)
		}
	}
}

// Requests beyond the maximum are left out with a note.
func TestHARWithTooManyRequests(t *testing.T) {
	var many []string
	for n := range loadgen.MaxRequests + 2 {
		many = append(many, fmt.Sprintf("http://a/%d", n))
	}
	got, err := fromHAR([]byte(entries(many...)), nil, "")
	if err != nil || len(got.Spec.Requests) != loadgen.MaxRequests || got.Notes[0] != "left out: 2 requests beyond the first 256" {
		t.Errorf("%d requests, notes %q, %v", len(got.Spec.Requests), got.Notes, err)
	}
}
