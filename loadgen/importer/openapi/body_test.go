package openapi

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
)

// body returns the step of an operation with this requestBody.
func body(t *testing.T, content string) loadgen.Step {
	t.Helper()
	return only(t, api("/a: {post: {requestBody: {content: {"+content+"}}}}", ""))
}

func TestBodyByMediaType(t *testing.T) {
	if s := body(t, `text/plain: {example: x}, application/vnd.a+json: {schema: {properties: {n: {type: integer, minimum: 1, maximum: 9}, s: {const: "{{x}}"}}}}`); string(s.JSON) != `{"n":"{{raw int 1 9}}","s":"{{\"{{\"}}x}}"}` || s.Headers["Content-Type"] != "application/vnd.a+json" {
		t.Errorf("%s %v", s.JSON, s.Headers)
	}
	s := body(t, `application/x-www-form-urlencoded: {schema: {properties: {a: {const: "&"}, b: {const: {c: [1]}}, d: {const: {e: [x, y]}}}}, encoding: {d: {style: deepObject}}}`)
	if want := map[string]string{"a": "&", "b": `{"c":[1]}`, "d[e][0]": "x", "d[e][1]": "y"}; !maps.Equal(s.Form, want) || len(s.Headers) != 0 {
		t.Errorf("%v, want %v; %v", s.Form, want, s.Headers)
	}
	s = body(t, `multipart/form-data: {schema: {properties: {note: {type: string, minLength: 6}, photo: {type: string, format: binary}, more: {type: array, items: {contentMediaType: image/png}}}}}`)
	if want := map[string]loadgen.Part{"note": {Body: "textxx"}, "photo": {Body: "example", Filename: "photo.bin"}, "more": {Body: "text", Filename: "more.bin", Type: "image/png"}}; !reflect.DeepEqual(s.Multipart, want) {
		t.Errorf("%+v, want %+v", s.Multipart, want)
	}
	if s = body(t, `text/csv: {example: "a,b\n{{"}`); s.Body != "a,b\n{{\"{{\"}}" || s.Headers["Content-Type"] != "text/csv" {
		t.Errorf("%q %v", s.Body, s.Headers)
	}
	if _, err := Import([]byte(api(`/a: {post: {requestBody: {content: {application/xml: {schema: {type: object}}}}}}`, "")), "", nil); err == nil || !strings.Contains(err.Error(), "cannot be generated from a schema") {
		t.Errorf("XML: %v", err)
	}
}

func TestSwaggerBody(t *testing.T) {
	swagger := func(operation string) loadgen.Step {
		return only(t, "swagger: '2.0'\nhost: a.example\nbasePath: /v2\nschemes: [http]\npaths: {/a: {post: {"+operation+"}}}\n")
	}
	if s := swagger(`parameters: [{in: body, name: b, schema: {properties: {a: {type: boolean}}}}]`); string(s.JSON) != `{"a":true}` || s.Post != "/v2/a" {
		t.Errorf("%s %s", s.JSON, s.Post)
	}
	if s := swagger(`parameters: [{in: formData, name: f, type: string, required: true}, {in: formData, name: g, type: string}]`); !maps.Equal(s.Form, map[string]string{"f": "text"}) {
		t.Errorf("%v", s.Form)
	}
	if s := swagger(`parameters: [{in: formData, name: f, type: file}, {in: query, name: q, required: true, type: array, items: {type: integer, enum: [7]}, collectionFormat: multi}]`); s.Multipart["f"] != (loadgen.Part{Body: "example", Filename: "f.bin"}) || s.Query["q"] != "7" {
		t.Errorf("%v %v", s.Multipart, s.Query)
	}
}
