package importer

import (
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
)

const recorded = `{"log":{"version":"1.2","entries":[

 {"request":{"method":"GET","url":"https://shop.test/?a=1#top","headers":[{"name":":authority","value":"shop.test"},{"name":"accept","value":"*/*"},{"name":"user-agent","value":"b"},{"name":"cookie","value":"s=1"}]},"response":{"status":200}},
 {"request":{"method":"GET","url":"https://cdn.test/x.js","headers":[]}},
 {"request":{"method":"GET","url":"data:image/png;base64,xx","headers":[]}},
 {"request":{"method":"POST","url":"https://shop.test/cart","headers":[{"name":"accept","value":"*/*"},{"name":"user-agent","value":"b"},{"name":"Content-Length","value":7}],"postData":{"mimeType":"application/json","text":"{\"a\":1}"}}},
 {"request":{"method":"post","url":"https://shop.test/cart","headers":[{"name":"accept","value":"*/*"},{"name":"user-agent","value":"b"}],"postData":{"params":[{"name":"a","value":"x y"},{"name":"b","value":"&"}]}}}
]}}`

// Cookies, the query and the user are imported from wherever a tool records them.
func TestHARCookiesQueryAndUser(t *testing.T) {
	i, err := fromHAR([]byte(`{"log":{"entries":[{"request":{"method":"GET","url":"http://u:p@a/x","queryString":[{"name":"a","value":"1 2"}],"cookies":[{"name":"c","value":"d"},{"name":"e","value":"f"}],"headers":[{"name":"X","value":"{{seq}}"}]}}]}}`), nil, "")
	want := loadgen.Request{Name: "GET /x", Method: "GET", URL: "/x?a=1+2"}
	if err != nil || !reflect.DeepEqual(i.Spec.Requests[0], want) {
		t.Errorf("%+v, %v, want %+v", i.Spec.Requests, err, want)
	}
	headers := map[string]string{"Cookie": "c=d; e=f", "Authorization": "Basic dTpw", "X": `{{"{{"}}seq}}`}
	if !reflect.DeepEqual(i.Spec.Headers, headers) {
		t.Errorf("%q, want %q", i.Spec.Headers, headers)
	}
}

// An invalid entry is left out without the others.
func TestInvalidHAREntries(t *testing.T) {
	for odd, want := range map[string]string{
		`{"request":{"method":"G T","url":"http://a/"}}`:                                                   "entry 1 is left out: requests[0].method",
		`{"request":{"method":"GET","url":"http://a/","headers":[{"name":"a b","value":"c"}]}}`:            "entry 1 is left out: requests[0].headers",
		`{"request":{"method":"GET","url":"http://a/","headers":[{"name":"a","value":{}}]}}`:               "entry 1 is left out: ",
		`{"request":{"method":"POST","url":"http://b/","postData":{"params":[{"name":"a","value":[1]}]}}}`: "entry 1 is left out: ",
		`{"request":{"method":"CONNECT","url":"https://a:443"}}`:                                           "entry 1 is left out: CONNECT",
		`7`: "entry 1 is left out: ",
	} {
		i, err := fromHAR([]byte(`{"log":{"entries":[`+odd+`,{"request":{"method":"GET","url":"http://a/","headers":[{"name":"User-Agent","value":1.5}]}}]}}`), nil, "")
		if err != nil || len(i.Spec.Requests) != 1 || len(i.Notes) != 1 || !strings.HasPrefix(i.Notes[0], want) {
			t.Errorf("%s: %d requests, notes %q, %v, want %s", odd, len(i.Spec.Requests), i.Notes, err, want)
		}
	}
}

func TestFromHARErrors(t *testing.T) {
	for text, want := range map[string]string{
		"{":  "har:1:2: ",
		"{}": "the archive has no HTTP request",
		`{"log":{"entries":[{"request":{"method":"G T","url":"http://a/"}}]}}`: "no request that can be imported: entry 1 is left out: requests[0].method",
		strings.Repeat("[", 100_000): "har:1:10001: ",
	} {
		if _, err := fromHAR([]byte(text), nil, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %s", text, err, want)
		}
	}
}

func FuzzFromHAR(f *testing.F) {
	f.Add([]byte(recorded))
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"PUT","url":"http://u:p@a/%2f?{{seq}}","headers":[{"name":"X","value":"y"}],"postData":{"text":"z"}}}]}}`))
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"PUT","url":"http://a?x","bodySize":3,"postData":{"mimeType":"multipart/form-data","params":[{"name":"a","value":"b","fileName":"c"}]}}}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if i, err := fromHAR(data, nil, ""); err == nil {
			checkImported(t, i.Spec)
		}
	})
}
