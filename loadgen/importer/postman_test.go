package importer

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
)

const collection = `{"info":{"name":"Shop","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "variable":[{"key":"base","value":"https://{{host}}:8443/api"},{"key":"host","value":"shop.test"},{"key":"page","value":2}],
 "auth":{"type":"bearer","bearer":[{"key":"token","value":"{{token}}"}]},
 "event":[{"listen":"prerequest","script":{"exec":["x"]}}],
 "item":[
  {"name":"Items","item":[
   {"name":"list","request":{"method":"GET","url":{"raw":"{{base}}/items/:id?page={{page}}&q=new york","variable":[{"key":"id","value":"7"}],"query":[{"key":"off","value":"1","disabled":true}]},"header":[{"key":"X-Id","value":"{{$guid}}"},{"key":"X-Off","value":"1","disabled":true}]}},
   {"name":"add","event":[{"listen":"test"}],"request":{"method":"POST","auth":{"type":"basic","basic":[{"key":"username","value":"u"},{"key":"password","value":"p"}]},"url":"{{base}}/items","body":{"mode":"raw","raw":"{\"id\":\"{{$guid}}\",\"t\":\"{{page}} {{\"}","options":{"raw":{"language":"json"}}}}}
  ]},
  {"name":"form","request":{"method":"PUT","auth":{"type":"apikey","apikey":[{"key":"key","value":"k"},{"key":"value","value":"a&b"},{"key":"in","value":"query"}]},"url":"{{base}}/form","body":{"mode":"urlencoded","urlencoded":[{"key":"a","value":"x y&"},{"key":"b","value":"2","disabled":true}]}}},
  {"name":"graph","request":{"method":"POST","auth":{"type":"noauth"},"url":"{{base}}/graphql","header":"Content-Type: application/graphql+json\nX-A: b","body":{"mode":"graphql","graphql":{"query":"{ items { id } }","variables":"{\"n\": 1}"}}}},
  {"name":"plain","request":"{{base}}"},
  {"name":"signed","request":{"method":"GET","auth":{"type":"awsv4"},"url":"{{base}}/s"}},
  {"name":"elsewhere","request":{"method":"GET","url":"other.test/x"}}
 ]}`

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
			"scripts of 2 requests and folders are not run: what they set or check is missing",
			`left out: signed: its authorization "awsv4" takes several requests or a signature, which cannot be repeated`,
			"left out: elsewhere: it is to http://other.test/ (a spec has one target)",
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	checkImported(t, got.Spec)
}

func TestFormsOfPostman(t *testing.T) {
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

func TestFromPostmanErrors(t *testing.T) {
	for text, want := range map[string]string{
		"{": "postman: ", "{}": "there is no request in it",
		`{"item":[{"name":"a","request":"{{base}}/{{ b }}/{{$timestamp}}"}]}`:                                                           "variables without a value: $timestamp, b, base; give each with -e NAME=VALUE",
		`{"variable":[{"key":"a","value":"{{b}}"},{"key":"b","value":"{{a}}"}],"item":[{"request":"http://x/{{a}}"}]}`:                  "variables without a value: ",
		`{"item":[{"name":"a","request":"ftp://x/"}]}`:                                                                                  `no request can be made of it: left out: a: "ftp://x/" is no URL over http or https`,
		`{"item":[{"name":"a","request":{"url":"http://x/","auth":{"type":"basic","basic":{"username":"{{$guid}}","password":"p"}}}}]}`: "its user or password is another value every time",
	} {
		if _, err := fromPostman([]byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func FuzzFromPostman(f *testing.F) {
	f.Add([]byte(collection))
	f.Add([]byte(`{"item":[{"name":"a","request":{"method":"post","url":"a/{{$guid}}","body":{"mode":"raw","raw":"{{{"}}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if strings.Contains(string(data), "src") {
			return // no files
		}
		if i, err := fromPostman(data, map[string]string{"token": "x"}); err == nil {
			checkImported(t, i.Spec)
		}
	})
}
