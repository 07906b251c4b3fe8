package template

import (
	"encoding/json"
	"testing"
)

func TestJSON(t *testing.T) {
	text, err := ParseJSON("json", []byte(`{"u\u0073er": "{{accounts.user}} \"x\"", "n": "{{raw n}}", "env": "<{{env.HOST}}>", "{{token}}": [1, true, "{{nasty}}", "{{n}}"]}`), names)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	out := text.Append(nil, scope())
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	list, _ := got["abc"].([]any)
	if got["user"] != `ann "x"` || got["n"] != 42.0 || got["env"] != `<a "b>` || len(list) != 4 || list[2] != scope().Variables[1] || list[3] != "42" {
		t.Errorf("%s", out)
	}
}
