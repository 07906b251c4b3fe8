package openapi

import (
	"encoding/json"
	"testing"
)

// Braces of a document are literal in every part of a request; generated values are placeholders.
func TestValuesAsText(t *testing.T) {
	for _, c := range []struct {
		v                 any
		text, url, inJSON string
	}{
		{"a{{b}} &", `a{{"{{"}}b}} &`, "a%7B%7Bb%7D%7D%20%26", `"a{{\"{{\"}}b}} &"`}, {generated("{{uuid}}"), "{{uuid}}", "{{uuid}}", `"{{uuid}}"`},
		{number("int 1 9"), "{{int 1 9}}", "{{int 1 9}}", `"{{raw int 1 9}}"`}, {json.Number("12345678901234567890"), "12345678901234567890", "12345678901234567890", "12345678901234567890"},
		{true, "true", "true", "true"}, {nil, "", "", "null"}, {[]any{"x,y", json.Number("1")}, "x,y,1", "x%2Cy,1", `["x,y",1]`},
		{object{"{{k": "<"}, `{"{{"{{"}}k":"<"}`, "", `{"{{\"{{\"}}k":"<"}`},
	} {
		if got := templated(c.v); got != c.text {
			t.Errorf("%v as a text: %s, want %s", c.v, got, c.text)
		}
		if got := inURL(c.v); c.url != "" && got != c.url {
			t.Errorf("%v in a URL: %s, want %s", c.v, got, c.url)
		}
		if got := string(jsonTemplate(c.v)); got != c.inJSON {
			t.Errorf("%v in JSON: %s, want %s", c.v, got, c.inJSON)
		}
	}
}
