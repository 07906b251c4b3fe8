package template

import (
	"encoding/json"
	"testing"
)

// Each row has a value for each column, and the strings of a list of objects are those that encoding/json reads.
func FuzzParseData(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", `[{"a": "x", "b": 1.50}, {"c": null}]`, "\ufeff[{\"a\": {\"b\": [1]}}]", "[", "a,a\n1,2\n", "a\n\"x\ny\"\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseData("data.d.rows", text)
		if err != nil {
			return
		}
		if r.Len() == 0 || len(r.Columns()) == 0 {
			t.Fatalf("%d rows of %d columns", r.Len(), len(r.Columns()))
		}
		var list []map[string]any
		isList := json.Unmarshal([]byte(text), &list) == nil
		for i, name := range r.Columns() {
			values := r.Values(i)
			if len(values) != r.Len() {
				t.Fatalf("%q: %d values of %d rows", name, len(values), r.Len())
			}
			for k := range values {
				if want, isText := "", false; isList {
					if want, isText = list[k][name].(string); isText && values[k] != want {
						t.Fatalf("%q of row %d: %q, want %q", name, k, values[k], want)
					}
				}
			}
		}
	})
}
