package openapi

import (
	"strings"
	"testing"
)

func TestOperationsAndServers(t *testing.T) {
	document := api(`"/a/{id}": {parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: X, in: header, required: true, example: path's}],
		get: {tags: [read], parameters: [{name: X, in: header, example: own}], responses: {default: {}}},
		put: {operationId: putIt, servers: [{url: "http://OTHER.example:81/w/"}], responses: {"200": {}, "204": {}, 3XX: {}, "404": {}}}, trace: {}},
		/b: {$ref: "#/components/pathItems/b"}`, `pathItems: {b: {head: {}}}`)
	spec, notes := fromAPI(t, document)
	steps := spec.Scenarios[0].Steps
	if spec.Target != "https://eu.shop.example/" || len(steps) != 3 || !strings.Contains(notes, "TRACE") {
		t.Fatalf("%s: %d steps; %s", spec.Target, len(steps), notes)
	}
	if s := steps[0]; s.Get != "/v1/a/1" || s.Headers["X"] != "own" || len(s.Checks) != 0 {
		t.Errorf("%+v", s)
	}
	if s := steps[1]; s.Name != "putIt" || s.Put != "http://other.example:81/w/a/1" || s.Headers["X"] != "path's" || s.Checks[0].Status != "200,204,3xx" {
		t.Errorf("%+v", s)
	}
	if s := steps[2]; s.Head != "/v1/b" {
		t.Errorf("%+v", s)
	}
	tagged, err := Import([]byte(document), "http://127.0.0.1:8080", []string{"read"})
	if err != nil || len(tagged.Scenarios[0].Steps) != 1 || tagged.Scenarios[0].Steps[0].Get != "/v1/a/1" || tagged.Target != "http://127.0.0.1:8080/" {
		t.Errorf("%v %+v", err, tagged)
	}
	if moved, err := Import([]byte(document), "http://127.0.0.1:8080/base/", []string{"read"}); err != nil || moved.Scenarios[0].Steps[0].Get != "/base/a/1" {
		t.Errorf("%v %+v", err, moved)
	}
}

func TestNotesOfOmittedParts(t *testing.T) {
	_, notes := fromAPI(t, api(`/a: {get: {parameters: [{name: q, in: query, schema: {type: string}}], responses: {"200": {content: {application/json: {}}, links: {next: {}}}}, callbacks: {c: {}}},
		post: {requestBody: {content: {application/json: {schema: {$ref: "other.yaml#/X"}}, text/plain: {}}}}}, "/b/{x}": {get: {}}`, "")+"webhooks: {w: {}}\n")
	for _, want := range []string{
		"left out: 1 optional parameter without an example", "1 operation accepts several media types", "1 webhook", "1 callback", "1 link", "1 response schema", "other.yaml#/X, which is not in this document",
		"left out: GET /b/{x}: its path has an undescribed parameter: {x}",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("no %q in\n%s", want, notes)
		}
	}
}
