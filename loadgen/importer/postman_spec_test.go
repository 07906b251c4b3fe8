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
