package trial

import (
	"bytes"
	"fmt"
	"io"
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

// What functions compute from secrets, from variables that hold them and from tokens is masked wherever it is sent or comes back, and
// steps name their groups.
func TestComputedValuesAreMasked(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, `{"token": "t0ken-of-ann", "echo": %q}`, r.Header.Get("X-Sig")+" "+string(body))
	}))
	t.Cleanup(server.Close)
	const signature = `{{hmac secret.KEY uuid}} {{sha256 "v1" secret.KEY}} {{base64 "ann:" secret.KEY}} {{sig}} {{sha1 token}} {{sha256 "abc"}}`
	spec := loadgen.Spec{Target: server.URL, Users: 1, Secrets: map[string]string{"KEY": "hush-hush-hush"}, Variables: map[string]string{"sig": "{{md5 secret.KEY now}}"},
		Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
			{Group: "visit", Steps: []loadgen.Step{
				{Name: "login", Post: "/", Body: "x", Extract: map[string]loadgen.Extract{"token": {JSON: "$.token"}}},
				{Group: "order", Steps: []loadgen.Step{{Name: "signed", Post: "/", Headers: map[string]string{"X-Sig": signature}, Body: signature}}},
			}},
			{Name: "alone", Get: "/"},
		}}}}
	spec, err := Only(spec.WithDefaults(), "")
	if err != nil {
		t.Fatal(err)
	}
	one, err := Run(t.Context(), spec, "1")
	if err != nil || len(one.Exchanges) != 3 {
		t.Fatalf("%v, %+v", err, one)
	}
	var text, doc bytes.Buffer
	hide := Masking(one, spec.Secrets)
	one.Text(&text, hide)
	if err := one.JSON(&doc, hide); err != nil {
		t.Fatal(err)
	}
	const hidden = "(hidden) (hidden) (hidden) (hidden) (hidden) ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	for _, output := range []string{text.String(), doc.String()} {
		if n := strings.Count(output, hidden); n != 4 {
			t.Errorf("%q is there %d times, not 4, in\n%s", hidden, n, output)
		}
	}
	for want, output := range map[string]string{
		"── login (group visit)\n": text.String(), "── signed (group visit / order)\n": text.String(), "── alone\n": text.String(),
		"\"groups\": [\n        \"visit\",\n        \"order\"\n      ]": doc.String(),
	} {
		if !strings.Contains(output, want) {
			t.Errorf("%q is missing in\n%s", want, output)
		}
	}
}
