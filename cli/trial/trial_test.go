package trial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/script"
)

func tried(t *testing.T, steps ...loadgen.Step) (*Trial, string, string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			w.WriteHeader(500)
		}
		user, password, _ := r.BasicAuth()
		fmt.Fprintf(w, `{"user": %q, "echo": %q, "bell": "%s"}`, user, password, "\a\x1b[31m")
	}))
	t.Cleanup(server.Close)
	spec := loadgen.Spec{
		Target: server.URL, Kind: loadgen.Tsunami, RateRPS: 100, Duration: loadgen.Duration(time.Hour), Secrets: map[string]string{"PW": "hush-hush"},
		Scenarios: []loadgen.Scenario{{Name: "other", Steps: []loadgen.Step{{Get: "/"}}}, {Name: "main", Steps: steps}},
	}.WithDefaults()
	spec, err := Only(spec, "main")
	if err != nil {
		t.Fatal(err)
	}
	one, err := Run(t.Context(), spec, "1")
	if err != nil {
		t.Fatal(err)
	}
	var text, doc bytes.Buffer
	hide := Masking(one, spec.Secrets)
	one.Text(&text, hide)
	if err := one.JSON(&doc, hide); err != nil {
		t.Fatal(err)
	}
	return one, text.String(), doc.String()
}

func TestTrialHidesSecrets(t *testing.T) {
	one, text, doc := tried(t,
		loadgen.Step{Name: "first", Get: "/", Auth: &loadgen.Auth{Basic: "ann:{{secret.PW}}"}, Extract: map[string]loadgen.Extract{"echo": {JSON: "$.echo"}, "who": {JSON: "$.user"}}, Checks: []loadgen.Check{{Status: "200"}}},
		loadgen.Step{Think: "1h"},
		loadgen.Step{Name: "second", Get: "/{{who}}"},
	)
	if !one.Passed() || len(one.Exchanges) != 2 {
		t.Errorf("%+v", one)
	}
	for _, want := range []string{"── first\n> GET / HTTP/1.1", "  who = ann\n", "  ✓ status 200\n", "> GET /ann HTTP/1.1", "✓ all as expected, requests: 2"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, output := range []string{text, doc} {
		if strings.Contains(output, "hush") || strings.Contains(output, "YW5u") || strings.ContainsAny(output, "\a\x1b") {
			t.Errorf("it shows a secret or a control character:\n%s", output)
		}
	}
	var d document
	if err := json.Unmarshal([]byte(doc), &d); err != nil || !d.Passed || len(d.Steps) != 2 || d.Steps[0].Extracted["who"] != "ann" || !d.Steps[0].Checks[0].Passed {
		t.Errorf("%v, %+v", err, d)
	}
}

func TestTrialFails(t *testing.T) {
	one, text, _ := tried(t, loadgen.Step{Name: "first", Get: "/", Extract: map[string]loadgen.Extract{"token": {JSON: "$.token"}}}, loadgen.Step{Get: "/never"})
	if one.Passed() || len(one.Exchanges) != 1 || !strings.Contains(text, "(not in the response)") || !strings.Contains(text, "✖ the iteration failed: first: token is not in the response") {
		t.Errorf("%s", text)
	}
	one, text, _ = tried(t, loadgen.Step{Get: "/broken"})
	if one.Passed() || !strings.Contains(text, "✖ unexpected") {
		t.Errorf("%s", text)
	}
	one, text, _ = tried(t, loadgen.Step{Get: "/", Checks: []loadgen.Check{{JSON: "$.none"}}})
	if one.Passed() || !strings.Contains(text, "  ✖ $.none\n") {
		t.Errorf("%s", text)
	}
}

func TestOnlyOneScenario(t *testing.T) {
	spec := loadgen.Spec{Target: "http://h.example/", Method: "POST", Body: "x"}.WithDefaults()
	if got, err := Only(spec, ""); err != nil || got.Scenarios[0].Steps[0].Post != "http://h.example/" || got.Count != 1 || script.Check(got) != nil {
		t.Errorf("%v %+v %v", err, got, script.Check(got))
	}
	if _, err := Only(spec, "a"); err == nil {
		t.Error("an unknown scenario is accepted")
	}
	spec.Method = "BREW"
	if _, err := Only(spec, ""); err == nil || !strings.Contains(err.Error(), "BREW") {
		t.Errorf("%v", err)
	}
	spec.Scenarios = []loadgen.Scenario{{Name: "b"}}
	if _, err := Only(spec, "a"); err == nil || !strings.Contains(err.Error(), "must be one of b") {
		t.Errorf("%v", err)
	}
}
