package importer

import (
	"maps"
	"testing"
)

func TestParametersOfRequests(t *testing.T) {
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
