package importer

import (
	"reflect"
	"strings"
	"testing"
)

// Developer tools discard the bodies of pages that were left, so that no response contains the tokens of later requests.
func TestGapsOfArchivesAreNoted(t *testing.T) {
	const page = `"request":{"method":"GET","url":"http://a/form","headers":[{"name":"User-Agent","value":"b"}]},"response":{"status":200,"content":{"size":237,"mimeType":"text/html; charset=utf-8"}}`
	const post = `"request":{"method":"POST","url":"http://a/cart?access_token=12345678","headers":[{"name":"User-Agent","value":"b"},{"name":"Authorization","value":"Bearer abc"},{"name":"X-Csrf","value":"short"}],"postData":{"text":"csrf=0123456789&a=1"}},"response":{"status":204,"content":{"size":0,"mimeType":"application/json"}}`
	i, err := scenarioFromHAR([]byte(`{"log":{"entries":[{`+page+`},{`+post+`},{`+strings.Replace(post, "csrf=", `{\"csrfToken\": \"`, 1)+`}]}}`), nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"the archive lacks the bodies of 1 response in JSON or HTML (GET /form), so that tokens in them are not found; browsers discard them when they leave the page",
		"sent as recorded, because no recorded response has its value: header Authorization (2 requests), parameter access_token (2 requests), parameter csrf (1 request), parameter csrfToken (1 request); extract it in an earlier step if it expires",
	}
	if !reflect.DeepEqual(i.Notes, want) {
		t.Errorf("%q", i.Notes)
	}
}

// A value that is only a part of a token is not replaced.
func TestPartsOfTokensAreNotReplaced(t *testing.T) {
	i, err := scenarioFromHAR([]byte(`{"log":{"entries":[{"request":{"method":"GET","url":"http://a/"},"response":{"headers":[{"name":"Set-Cookie","value":"sid=0123456789"}]}},
 {"request":{"method":"GET","url":"http://a/0123456789.json","headers":[{"name":"Authorization","value":"Bearer 0123456789.abc"},{"name":"Referer","value":"http://a/0123456789"}]}}]}}`), nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	if s := i.Spec.Scenarios[0].Steps[1]; s.Get != "/{{sid_1}}.json" || s.Headers["Authorization"] != "Bearer 0123456789.abc" || s.Headers["Referer"] != "http://a/{{sid_1}}" {
		t.Errorf("%+v", s)
	}
}
