package openapi

import (
	"maps"
	"strings"
	"testing"
)

func TestParameters(t *testing.T) {
	s := only(t, api(`"/a/{id}/{name}": {get: {parameters: [
		{name: id, in: path, required: true, schema: {type: integer, minimum: 1, maximum: 500}}, {name: name, in: path, required: true, example: "a/b {x}"},
		{name: tags, in: query, schema: {type: array, items: {type: string}}, example: [red, "a&b"]}, {name: ids, in: query, explode: false, example: [1, 2]},
		{name: filter, in: query, style: deepObject, example: {color: red, size: 2}}, {name: sent, in: query, required: true, content: {application/json: {schema: {properties: {a: {const: "{{x}}"}, n: {type: integer, minimum: 1, maximum: 9}, u: {format: uuid}}}}}},
		{name: page, in: query, schema: {type: integer}}, {name: since, in: query, required: true, schema: {type: string, format: date-time}}, {name: kind, in: query, examples: {b: {value: two}, a: {value: one}}},
		{name: X-Trace, in: header, required: true, schema: {type: string, format: uuid}}, {name: authorization, in: header, required: true, schema: {type: string}},
		{name: theme, in: cookie, required: true, schema: {type: string, enum: [dark, light]}}, {name: lang, in: cookie, schema: {type: string, example: de}}]}}`, ""))
	if want := "/v1/a/{{int 1 500}}/a%2Fb%20%7Bx%7D?tags=a%26b"; s.Get != want {
		t.Errorf("%s, want %s", s.Get, want)
	}
	if want := map[string]string{
		"tags": "red", "ids": "1,2", "filter[color]": "red", "filter[size]": "2", "sent": `{"a":"{{"{{"}}x}}","n":{{int 1 9}},"u":"{{uuid}}"}`, "since": "{{now}}", "kind": "one",
	}; !maps.Equal(s.Query, want) {
		t.Errorf("%v, want %v", s.Query, want)
	}
	if want := map[string]string{"X-Trace": "{{uuid}}", "Cookie": "theme=dark; lang=de"}; !maps.Equal(s.Headers, want) {
		t.Errorf("%v, want %v", s.Headers, want)
	}
}

func TestSecurity(t *testing.T) {
	const schemes = `securitySchemes: {basic: {type: http, scheme: Basic}, accessToken: {type: http, scheme: bearer}, login: {type: oauth2}, digest: {type: http, scheme: digest},
		key: {type: apiKey, in: header, name: X-Key}, inQuery: {type: apiKey, in: query, name: k}, session: {type: apiKey, in: cookie, name: sid}, tls: {type: mutualTLS}}`
	spec, notes := fromAPI(t, api(`/a: {get: {security: [{basic: []}]}, post: {security: [{accessToken: []}, {basic: []}]}, put: {security: [{login: [x]}]}, patch: {security: [{}]},
		delete: {security: [{digest: []}, {key: [], inQuery: [], session: []}]}, head: {}}, /b: {get: {security: [{tls: []}]}, post: {security: [{nope: []}]}}`, schemes)+"security: [{key: []}]\n")
	s := spec.Scenarios[0].Steps
	switch {
	case len(s) != 6:
		t.Fatalf("%d steps; %s", len(s), notes)
	case s[0].Auth.Basic != "{{secret.BASIC}}", s[1].Auth.Bearer != "{{secret.ACCESS_TOKEN}}", s[2].Auth.Bearer != "{{secret.LOGIN}}", s[3].Auth != nil || len(s[3].Headers) > 0,
		s[4].Headers["X-Key"] != "{{secret.KEY}}" || s[4].Query["k"] != "{{secret.IN_QUERY}}" || s[4].Headers["Cookie"] != "sid={{secret.SESSION}}", s[5].Headers["X-Key"] != "{{secret.KEY}}":
		t.Errorf("%+v", s)
	}
	for _, want := range []string{"set BASIC to USER:PASSWORD", "set LOGIN to an access token", `"tls" (mutualtls) is not supported`, `"nope" is not defined`, "the run needs ACCESS_TOKEN, BASIC, IN_QUERY, KEY, LOGIN, SESSION"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no %q in\n%s", want, notes)
		}
	}
}
