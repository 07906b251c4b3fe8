package openapi

import (
	"strings"
	"testing"
)

func TestValueOfSchema(t *testing.T) {
	for schema, want := range map[string]string{
		"{}": `"text"`, "{type: boolean}": "true", "{type: integer}": "1", "{type: integer, minimum: 7}": "7", "{type: integer, maximum: -2}": "-2", "{type: integer, minimum: 2, maximum: 5}": `"{{raw int 2 5}}"`,
		"{type: integer, exclusiveMinimum: 4, maximum: 5}": "5", "{type: integer, minimum: 4, exclusiveMinimum: true}": "5", "{type: integer, minimum: 8, multipleOf: 5}": "10", "{type: number, minimum: 0.5, maximum: 0.75}": "0.75",
		"{type: number, exclusiveMinimum: 1}": "1.001", "{minimum: 3}": "3", "{type: string, minLength: 6}": `"textxx"`, "{type: string, maxLength: 2}": `"te"`, `{pattern: "^[A-Z]{3}-\\d{2,4}$"}`: `"AAA-11"`,
		"{format: uuid}": `"{{uuid}}"`, "{format: email}": `"user{{iteration}}@example.com"`, "{enum: [null, b, a]}": `"b"`, "{default: 5, type: integer}": "5", "{const: {a: 9007199254740993}}": `{"a":9007199254740993}`,
		"{examples: [x]}": `"x"`, "{type: [\"null\", integer]}": "1", "{type: \"null\"}": "null", "{items: {type: boolean}, minItems: 2}": "[true,true]", "{type: array, items: {type: integer}}": "[1]", "{type: array, items: {}, maxItems: 0}": "[]",
		"{properties: {a: {type: integer}, b: {readOnly: true}, c: {deprecated: true}}, additionalProperties: false}": `{"a":1}`, "{additionalProperties: {type: integer}}": `{"key":1}`,
		"{allOf: [{required: [a], properties: {a: {type: integer}}}, {properties: {b: {type: boolean}}}], properties: {c: {const: 3}}}": `{"a":1,"b":true,"c":3}`,
		"{oneOf: [{type: \"null\"}, {type: integer}, {type: string}]}":                                                                  "1", "{anyOf: [{$ref: '#/components/schemas/Node'}]}": `{"name":"text"}`,
		"{$ref: '#/components/schemas/Node'}": `{"name":"text"}`, "{$ref: '#/components/schemas/Chain'}": `{"list":[]}`, "{$ref: '#/components/schemas/a~1b'}": "7",
	} {
		s := only(t, api(`/a: {post: {requestBody: {content: {application/json: {schema: `+schema+`}}}}}`,
			`schemas: {Node: {properties: {name: {type: string}, next: {$ref: "#/components/schemas/Node"}}}, Chain: {required: [list], properties: {list: {type: array, items: {$ref: "#/components/schemas/Chain"}}}}, a/b: {const: 7}}`))
		if string(s.JSON) != want {
			t.Errorf("%s: %s, want %s", schema, s.JSON, want)
		}
	}
}

// A schema that must contain itself has no value: the operation is left out.
func TestInfiniteSchemas(t *testing.T) {
	_, err := Import([]byte(api(`/a: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}}`,
		`schemas: {A: {required: [a], properties: {a: {$ref: "#/components/schemas/B"}}}, B: {required: [b], properties: {b: {$ref: "#/components/schemas/A"}}}}`)), "", nil)
	if err == nil || !strings.Contains(err.Error(), "no value can be generated") {
		t.Errorf("%v", err)
	}
}

// The value of a small document that describes a huge object is bounded.
func TestValueSizeIsBounded(t *testing.T) {
	schemas := ""
	for _, c := range "abcdefghij" {
		next := string(c + 1)
		schemas += string(c) + ": {properties: {"
		for _, name := range "pqrstuvw" {
			schemas += string(name) + `: {$ref: "#/components/schemas/` + next + `"}, `
		}
		schemas += "z: {}}}, "
	}
	s := only(t, api(`/a: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/a"}}}}}}`, "schemas: {"+schemas+"k: {}}"))
	if len(s.JSON) > 1<<20 || len(s.JSON) < 100 {
		t.Errorf("%d bytes", len(s.JSON))
	}
}
