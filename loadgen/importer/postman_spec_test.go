package importer

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestFromPostman(t *testing.T) {
	got, err := fromPostman([]byte(collection), map[string]string{"token": "t{}"})
	if err != nil {
		t.Fatal(err)
	}
	want := imported{
		Spec: loadgen.Spec{
			Target: "https://shop.test:8443/", Order: "sequence", Duration: duration,
			Requests: []loadgen.Request{
				{Name: "Items / list", Method: "GET", URL: "/api/items/7?page=2&q=new%20york", Headers: map[string]string{"X-Id": "{{uuid}}", "Authorization": "Bearer t{}"}},
				{Name: "Items / add", Method: "POST", URL: "/api/items", Headers: map[string]string{"Authorization": "Basic dTpw", "Content-Type": "application/json"}, Body: `{"id":"{{uuid}}","t":"2 {{"{{"}}"}`},
				{Name: "form", Method: "PUT", URL: "/api/form?k=a%26b", Headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, Body: "a=x+y%26"},
				{Name: "graph", Method: "POST", URL: "/api/graphql", Headers: map[string]string{"Content-Type": "application/graphql+json", "X-A": "b"}, Body: `{"query":"{ items { id } }","variables":{"n":1}}`},
				{Name: "plain", Method: "GET", URL: "/api", Headers: map[string]string{"Authorization": "Bearer t{}"}},
			},
		},
		Notes: []string{
			"left out: scripts of 2 requests and folders, including the variables that they set and the tests",
			`left out: signed: its authorization "awsv4" needs several requests or a signature, which is not supported`,
			"left out: elsewhere: its origin is http://other.test/ (a spec has one target)",
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	checkImported(t, got.Spec)
}

func TestPostmanForm(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	one := func(body string) (imported, error) {
		return fromPostman([]byte(`{"item":[{"name":"a","request":{"method":"POST","url":"http://a/","body":`+body+`}}]}`), nil)
	}
	i, err := one(`{"mode":"formdata","formdata":[{"key":"n","value":"hi {{$guid}}","type":"text"},{"key":"f","type":"file","src":"` + file + `"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"name=\"n\"\r\n\r\nhi {{uuid}}\r\n", "name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n"} {
		if !strings.Contains(i.Spec.Requests[0].Body, part) {
			t.Errorf("no %q in %q", part, i.Spec.Requests[0].Body)
		}
	}
	if i, err := one(`{"mode":"file","file":{"src":"` + file + `"}}`); err != nil || i.Spec.Requests[0].Body != "hello" {
		t.Errorf("a file as the body: %+v, %v", i.Spec.Requests, err)
	}
	for body, want := range map[string]string{
		`{"mode":"formdata","formdata":[{"key":"f","type":"file","src":["a","b"]}]}`: "has 2 files", `{"mode":"file","file":{"src":"/nowhere/x"}}`: "no such file",
		`{"mode":"magic"}`: `unknown mode, "magic"`, `{"mode":"graphql","graphql":{"query":"x","variables":"{"}}`: "not JSON",
	} {
		if _, err := one(body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
}

// What is sent is what Postman sends: of URLs in parts, path variables of v2.0, variables of folders, bodies of GET, and so on.
func TestPostmanRequests(t *testing.T) {
	for _, c := range []struct {
		name, item string
		want       loadgen.Request
	}{
		{
			"a URL in parts", `{"request":{"url":{"protocol":"http","host":["a","test"],"port":8080,"path":["x",":id",{"type":"string","value":"y"}],"query":[{"key":"q","value":"1"},{"key":"r","value":"2","disabled":true}],"variable":[{"key":"id","value":"7"}]}}}`,
			loadgen.Request{Method: "GET", URL: "/x/7/y?q=1"},
		},
		{"a host in one text", `{"request":{"url":{"host":"http://a.test:8080","path":"x/y"}}}`, loadgen.Request{Method: "GET", URL: "/x/y"}},
		{"a path variable of v2.0", `{"request":{"url":{"raw":"http://a.test:8080/:id","variable":[{"id":"id","value":"7"}]}}}`, loadgen.Request{Method: "GET", URL: "/7"}},
		{
			"a variable of a folder", `{"variable":[{"key":"v","value":"1"}],"item":[{"variable":[{"key":"v","value":"2"}],"request":"http://a.test:8080/{{v}}"}]}`,
			loadgen.Request{Method: "GET", URL: "/2"},
		},
		{"GET without its body", `{"request":{"method":"GET","url":"http://a.test:8080/","body":{"mode":"raw","raw":"x"}}}`, loadgen.Request{Method: "GET", URL: "/"}},
		{
			"GET with its body", `{"protocolProfileBehavior":{"disableBodyPruning":true},"request":{"method":"GET","url":"http://a.test:8080/","body":{"mode":"raw","raw":"x"}}}`,
			loadgen.Request{Method: "GET", URL: "/", Body: "x", Headers: map[string]string{"Content-Type": "text/plain"}},
		},
		{
			"GraphQL", `{"request":{"method":"POST","url":"http://a.test:8080/","body":{"mode":"graphql","graphql":{"query":"query A { a }","operationName":"A","variables":{"n":1}}}}}`,
			loadgen.Request{Method: "POST", URL: "/", Body: `{"operationName":"A","query":"query A { a }","variables":{"n":1}}`, Headers: map[string]string{"Content-Type": "application/json"}},
		},
		{
			"OAuth 2.0 with its token", `{"request":{"url":"http://a.test:8080/","auth":{"type":"oauth2","oauth2":[{"key":"accessToken","value":"t"},{"key":"addTokenTo","value":"header"}]}}}`,
			loadgen.Request{Method: "GET", URL: "/", Headers: map[string]string{"Authorization": "Bearer t"}},
		},
		{
			"OAuth 2.0 in the query", `{"request":{"url":"http://a.test:8080/?q","auth":{"type":"oauth2","oauth2":[{"key":"accessToken","value":"t"},{"key":"addTokenTo","value":"queryParams"}]}}}`,
			loadgen.Request{Method: "GET", URL: "/?q&access_token=t"},
		},
	} {
		_, entries, _, err := readPostman([]byte(`{"item":[` + c.item + `]}`))
		if err != nil || len(entries) != 1 {
			t.Errorf("%s: %v, %d requests", c.name, err, len(entries))
			continue
		}
		v := &postmanVariables{missing: map[string]bool{}}
		v.enter(entries[0])
		got, origin, err := entries[0].convert(&imported{}, v)
		if len(got.Headers) == 0 {
			got.Headers = nil
		}
		if err != nil || origin != "http://a.test:8080/" || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, %s\ngot  %+v\nwant %+v", c.name, err, origin, got, c.want)
		}
	}
}

// What a spec cannot hold is named.
func TestPostmanLeavesOut(t *testing.T) {
	i, err := fromPostman([]byte(`{"item":[
		{"name":"a","request":{"url":"http://a/","proxy":{"host":"p"},"certificate":{"name":"c"}}},
		{"name":"b","request":{"method":"POST","url":"http://a/","body":{"mode":"file","file":{}}}},
		{"name":"c","request":{"url":"http://a/","auth":{"type":"oauth2","oauth2":[]}}}]}`), nil)
	want := []string{
		"left out: the proxy of a", "left out: the client certificate of a", "left out: b: its body is a file that the collection does not name",
		"left out: c: its authorization is OAuth 2.0 without an access token",
	}
	if err != nil || !reflect.DeepEqual(i.Notes, want) {
		t.Errorf("%v, %q", err, i.Notes)
	}
}
