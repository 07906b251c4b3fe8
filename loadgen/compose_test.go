package loadgen

import (
	"encoding/json"
	"maps"
	"testing"
)

func TestSpecsAreComposed(t *testing.T) {
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
	if plain := (Spec{Body: "{{env.A}}"}).Compose(func(string) (string, bool) { return "x", true }); plain.Env != nil {
		t.Errorf("%v", plain.Env)
	}
}
