package loadgen

import (
	"encoding/json"
	"maps"
	"testing"
)

func TestCompose(t *testing.T) {
	s := Spec{Variables: map[string]string{"a": "{{env.A}}"}, CSV: "{{env.CSV}}", Scenarios: []Scenario{{Name: "{{x}}", Steps: []Step{{
		Get: "/{{ env.B }}/{{hmac secret.K \"x\"}} env.NOT", JSON: json.RawMessage(`{"a":"{{base64 env.A \":\" secret.P}}"}`),
	}}}}}
	got := s.Compose(func(name string) (string, bool) { return "v" + name, name != "P" })
	if !maps.Equal(got.Env, map[string]string{"A": "vA", "B": "vB"}) || !maps.Equal(got.Secrets, map[string]string{"K": "vK"}) {
		t.Errorf("%v %v", got.Env, got.Secrets)
	}
	if red := got.Redacted(); red.Env["A"] == "vA" || red.Secrets["K"] == "vK" {
		t.Errorf("%v %v", red.Env, red.Secrets)
	}
	plain := Spec{Body: "{{env.A}}", Headers: map[string]string{"X": "{{secret.B}}"}}.Compose(func(name string) (string, bool) { return "v" + name, true })
	if !maps.Equal(plain.Env, map[string]string{"A": "vA"}) || !maps.Equal(plain.Secrets, map[string]string{"B": "vB"}) {
		t.Errorf("%v %v", plain.Env, plain.Secrets)
	}
}
