package importer

import (
	"strings"
	"testing"
)

// Variables that are another value every time become placeholders, wherever they stand.
func TestDynamicVariablesOfPostman(t *testing.T) {
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
