package importer

import (
	"encoding/json"
	"testing"
)

// Values are found in the URLs that a response refers to, and in bodies that the recorder encoded. Each row is what one response has and
// a later request sends.
func TestCorrelatedURLs(t *testing.T) {
	for name, c := range map[string]struct{ method, response, later, extract, sends string }{
		"Location, path":       {"POST", `"headers":[{"name":"location","value":"https://a/orders/d4c364de?x=1"}]`, "/orders/d4c364de", `{"regex":"/orders/([^/?#\"'\u003c\u003e\\s]+)","header":"Location"}`, "/orders/{{raw orders_1}}"},
		"redirectURL, query":   {"GET", `"redirectURL":"/cb?code=4%2F0AbC&state=s"`, "/cb?code=4%2F0AbC&state=s", `{"regex":"[?\u0026;]code=([^\u0026#\"'\u003c\u003e\\s]+)","header":"Location"}`, "/cb?code={{raw code_1}}&state=s"},
		"a new number":         {"POST", `"headers":[{"name":"Location","value":"http://a/api/orders/17"}]`, "/api/orders/17/items?of=17", `{"regex":"/api/orders/([0-9]+)","header":"Location"}`, "/api/orders/{{raw orders_1}}/items?of=17"},
		"a number that was":    {"GET", `"headers":[{"name":"Location","value":"/api/orders/17"}]`, "/api/orders/17", "", "/api/orders/17"},
		"a plain redirect":     {"POST", `"headers":[{"name":"Location","value":"/dashboards/overview"}]`, "/dashboards/overview", "", "/dashboards/overview"},
		"a form's action":      {"GET", `"content":{"mimeType":"text/html","text":"<form id='f' action=\"http://a/auth?session_code=kX7-12345_Q&amp;tab=1\" method=post>"}`, "/auth?session_code=kX7-12345_Q&tab=1", `{"regex":"[?\u0026;]session_code=([^\u0026#\"'\u003c\u003e\\s]+)"}`, "/auth?session_code={{raw session_code_1}}&tab=1"},
		"not the first link":   {"GET", `"content":{"mimeType":"text/html","text":"<a href='/p?id=12345678'>1</a><a href='/p?id=87654321'>2</a>"}`, "/p?id=87654321", "", "/p?id=87654321"},
		"a base64 JSON body":   {"GET", `"content":{"mimeType":"application/json","encoding":"base64","text":"eyJpZCI6InRva2VuLTEyMzQ1In0="}`, "/x?t=token-12345", `{"json":"$.id"}`, "/x?t={{id_1}}"},
		"an escaped field":     {"GET", `"content":{"mimeType":"text/html","text":"<input name=csrf_token name='csrf' value='a&#43;b/c-12345'>"}`, "/x?t=a%2Bb%2Fc-12345", `{"regex":"name\\s*=\\s*'csrf'[^\u003e]*value\\s*=\\s*'([^']*)'","html":true}`, "/x?t={{csrf_1}}"},
		"a credential header":  {"GET", `"headers":[{"name":"Csrf-Token","value":"abcdefgh"}]`, "/x?t=abcdefgh", `{"header":"Csrf-Token"}`, "/x?t={{csrf_token_1}}"},
		"a link of a script":   {"GET", `"content":{"mimeType":"text/html","text":"<a href='javascript:go(12345678)'>1</a>"}`, "/p?id=12345678", "", "/p?id=12345678"},
		"braces in a Location": {"POST", `"redirectURL":"/orders/{{a}}123456"`, "/orders/%7B%7Ba%7D%7D123456", "", "/orders/%7B%7Ba%7D%7D123456"},
	} {
		text := `{"log":{"entries":[{"request":{"method":"` + c.method + `","url":"http://a/"},"response":{` + c.response + `}},{"request":{"method":"GET","url":"http://a` + c.later + `"}}]}}`
		i, err := scenarioFromHAR([]byte(text), nil, "", false)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		steps, extract := i.Spec.Scenarios[0].Steps, ""
		for _, e := range steps[0].Extract {
			one, _ := json.Marshal(e)
			extract += string(one)
		}
		if extract != c.extract || steps[1].Get != c.sends {
			t.Errorf("%s: extracts %s, sends %s; want %s and %s", name, extract, steps[1].Get, c.extract, c.sends)
		}
	}
}
