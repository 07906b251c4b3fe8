package specfile

import (
	"errors"
	"strings"
	"testing"

	"landfall/loadgen/field"
)

func TestYAMLToJSON(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nb: [x, 1.50, true, null, ~]\n":       `{"a":1,"b":["x",1.50,true,null,null]}`,
		"{a: {b: {}}, c: []}":                       `{"a":{"b":{}},"c":[]}`,
		"0x1f: 1_000":                               `{"0x1f":1000}`,
		"a: \"q\\\"\\n\"\nb: |\n  two\n  lines\n":   `{"a":"q\"\n","b":"two\nlines\n"}`,
		"x: &a {k: 1}\ny: *a":                       `{"x":{"k":1},"y":{"k":1}}`,
		"big: 12345678901234567890\nsmall: -1.5e-3": `{"big":12345678901234567890,"small":-1.5e-3}`,
		"no: .inf\nnan: .nan":                       `{"no":".inf","nan":".nan"}`,
		"":                                          "null",
		"? k\n: v":                                  `{"k":"v"}`,
	} {
		got, err := YAMLToJSON("f.yaml", []byte(text), 1000)
		if err != nil || string(got) != want {
			t.Errorf("%q: %s, %v, want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"a: {<<: {b: 1}}":                        "f.yaml:1:5: : << is not supported",
		"a: *b":                                  "the anchor &b is not defined",
		"a: [":                                   "f.yaml:1:",
		strings.Repeat("a", 1001):                "must be at most 1000",
		strings.Repeat("[", maxNesting+1) + "\n": "f.yaml",
	} {
		var at *field.FileError
		if got, err := YAMLToJSON("f.yaml", []byte(text), 1000); !errors.As(err, &at) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %s, %v, want %s", text, got, err, want)
		}
	}
}
