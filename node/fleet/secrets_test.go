package fleet

import (
	"encoding/json"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node"
)

// The fold is displayed in lists, live updates, the console and reports. Only drivers need a spec's secrets.
func TestFoldKeepsNoSecrets(t *testing.T) {
	p := newScript(t)
	spec := loadgen.Spec{Target: "http://ann:SECRET@127.0.0.1/?key=SECRET", Count: 10, Name: "n", Method: "POST", Body: "SECRET",
		Headers: map[string]string{"X-Auth-Token": "SECRET"}, TLS: loadgen.TLS{Key: "SECRET"}}.WithDefaults()
	p.post(&node.Config{TestID: "t1", Drivers: []string{"d1"}, By: "me", Spec: spec})
	r := p.s.Run("t1")
	text, err := json.Marshal([]any{r.Spec, r.Config})
	if err != nil || strings.Contains(string(text), "SECRET") {
		t.Errorf("%s %v", text, err)
	}
	if r.Spec.Name != "n" || r.Spec.Count != 10 || !strings.Contains(r.Spec.Target, "@127.0.0.1/") {
		t.Errorf("lost what is harmless: %+v", r.Spec)
	}
}
