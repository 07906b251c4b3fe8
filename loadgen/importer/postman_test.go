package importer

import (
	"strings"
	"testing"
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

func TestFromPostmanErrors(t *testing.T) {
	for text, want := range map[string]string{
		"{": "postman:1:2: ", "{}": "the collection has no request",
		`{"item":[{"name":"a","request":"{{base}}/{{ b }}/{{$randomLoremSentence}}"}]}`:                                                 "variables without a value: $randomLoremSentence, b, base; set each with -e NAME=VALUE",
		`{"variable":[{"key":"a","value":"{{b}}"},{"key":"b","value":"{{a}}"}],"item":[{"request":"http://x/{{a}}"}]}`:                  "variables without a value: ",
		`{"item":[{"name":"a","request":"ftp://x/"}]}`:                                                                                  `no request can be imported: left out: a: "ftp://x/" is not an http or https URL`,
		`{"item":[{"name":"a","request":{"url":"http://x/","auth":{"type":"basic","basic":{"username":"{{$guid}}","password":"p"}}}}]}`: "its user or password contains a dynamic variable",
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

// Dynamic variables become placeholders in every part of a request.
func TestDynamicVariables(t *testing.T) {
	for name, placeholder := range dynamic {
		i, err := fromPostman([]byte(strings.ReplaceAll(`{"item":[{"name":"a","request":{"method":"POST","url":"http://a/NAME?q=NAME","header":[{"key":"X","value":"NAME"}],
			"body":{"mode":"raw","raw":"{\"a\":\"NAME\"}","options":{"raw":{"language":"json"}}}}}]}`, "NAME", "{{"+name+"}}")), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkImported(t, i.Spec)
		r := i.Spec.Requests[0]
		x := r.Headers["X"] + i.Spec.Headers["X"]
		if r.URL != "/"+placeholder+"?q="+placeholder || x != placeholder || r.Body != `{"a":"`+placeholder+`"}` {
			t.Errorf("%s: %s, %s, %s; want %s", name, r.URL, x, r.Body, placeholder)
		}
	}
}
