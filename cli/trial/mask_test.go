package trial

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"landfall/loadgen"
)

// Tokens, cookies and credentials are masked in requests and responses; other values are not. --show-secrets shows everything.
func TestTokensAreMasked(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "c00kie-of-ann", Path: "/", HttpOnly: true})
		w.Header().Set("Location", "/orders/a1b2c3d4e5f6a7b8c9d0e1f2")
		fmt.Fprintf(w, `{"token": "t0ken+of/ann", "csrf": "abcdefgh", "word": "opensesame", "name": "Ann Example", "price": "12345678", "seen": %q}`, r.FormValue("t"))
	}))
	t.Cleanup(server.Close)
	spec := loadgen.Spec{Target: server.URL, Secrets: map[string]string{"PW": "hush"},
		Setup: []loadgen.Step{{Get: "/", Extract: map[string]loadgen.Extract{"word": {JSON: "$.word"}}}}, Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
			{Post: "/", Body: "{{secret.PW}}", Extract: map[string]loadgen.Extract{
				"access": {JSON: "$.token"}, "csrf": {JSON: "$.csrf"}, "who": {JSON: "$.name"}, "price": {JSON: "$.price"}, "where": {Header: "Location"}}},
			{Post: "/?t={{access}}", Auth: &loadgen.Auth{Bearer: "{{access}}"}, Form: map[string]string{"csrf": "{{csrf}}", "price": "{{price}}"}},
		}}}}
	spec, err := Only(spec.WithDefaults(), "")
	if err != nil {
		t.Fatal(err)
	}
	one, err := Run(t.Context(), spec, "1")
	if err != nil {
		t.Fatal(err)
	}
	outputs := func(hide Mask) (list []string) {
		var text, doc bytes.Buffer
		one.Text(&text, hide)
		if err := one.JSON(&doc, hide); err != nil {
			t.Fatal(err)
		}
		return []string{text.String(), doc.String()}
	}
	secret := []string{"hush", "c00kie", "t0ken", "abcdefgh", "a1b2c3d4e5f6", "opensesame"}
	for _, text := range outputs(Masking(one, spec.Secrets)) {
		for _, s := range secret {
			if strings.Contains(text, s) {
				t.Errorf("%s is shown in\n%s", s, text)
			}
		}
		for _, s := range []string{"sid=(hidden)", "HttpOnly", "Ann Example", "12345678", "Authorization: (hidden)", "/orders/(hidden)"} {
			if !strings.Contains(text, s) {
				t.Errorf("%s is not shown in\n%s", s, text)
			}
		}
	}
	for _, text := range outputs(Mask{}) {
		for _, s := range append(secret, "Bearer t0ken") {
			if !strings.Contains(text, s) {
				t.Errorf("%s is hidden in\n%s", s, text)
			}
		}
	}
}
