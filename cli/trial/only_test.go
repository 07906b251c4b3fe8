package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/script"
)

// The requests of a plain spec are tried as they are sent by a run: with their protocol, credentials, expectations and without cookies.
func TestPlainSpecsAreTried(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "1"})
		user, password, _ := r.BasicAuth()
		fmt.Fprintf(w, "%s %s %s %s:%s cookies=%d", r.Proto, r.Method, r.URL, user, password, len(r.Cookies()))
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	to := strings.Replace(server.URL, "//", "//ann:pw@", 1)
	spec := loadgen.Spec{Target: to + "/base", HTTP2: true, TLS: loadgen.TLS{Insecure: true}, Requests: []loadgen.Request{
		{Name: "a", URL: "/a?x={{int 7 7}}", Expect: loadgen.Expect{Statuses: loadgen.Statuses{201}}},
		{Name: "b", Body: "x", Expect: loadgen.Expect{BodyContains: "POST /base", MaxBytes: 1000}},
	}}.WithDefaults()
	spec, err := Only(spec, "")
	if err == nil {
		err = script.Check(spec)
	}
	if err != nil {
		t.Fatal(err)
	}
	one, err := Run(t.Context(), spec, "1")
	if err != nil || len(one.Exchanges) != 2 {
		t.Fatalf("%v, %+v", err, one)
	}
	for i, want := range []string{"HTTP/2.0 GET /a?x=7 ann:pw cookies=0", "HTTP/2.0 POST /base ann:pw cookies=0"} {
		if got := one.Exchanges[i].Body; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if a, b := one.Exchanges[0], one.Exchanges[1]; a.Expected || !b.Expected || len(b.Checks) != 2 {
		t.Errorf("expectations: %+v, %+v", a, b)
	}
	var text strings.Builder
	one.Text(&text, Masking(one, nil))
	if !strings.Contains(text.String(), "> GET /a?x=7 HTTP/2\n") || strings.Contains(text.String(), "ann:pw@") {
		t.Errorf("%s", text.String())
	}
}

// A trial that is interrupted, or that loops without end, shows the requests until then.
func TestTrialsThatDoNotEnd(t *testing.T) {
	for _, c := range []struct {
		until int
		why   string
	}{{3, "interrupted"}, {-1, "stopped after 1000 requests: is a loop endless?"}} {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n++; n == c.until {
				cancel()
			}
		}))
		spec := loadgen.Spec{Target: server.URL, Users: 1, Finish: loadgen.Duration(time.Second), Scenarios: []loadgen.Scenario{{Name: "loop", Steps: []loadgen.Step{{While: "true", Steps: []loadgen.Step{{Get: "/"}}}}}}}
		spec, err := Only(spec.WithDefaults(), "")
		if err != nil {
			t.Fatal(err)
		}
		one, err := Run(ctx, spec, "1")
		if err != nil || one.Failure != c.why || len(one.Exchanges) == 0 || len(one.Exchanges) > maxExchanges || one.Passed() {
			t.Errorf("%v, %q, %d requests", err, one.Failure, len(one.Exchanges))
		}
		cancel()
		server.Close()
	}
}

// Secrets are masked however they are encoded, and so are credentials by the names of their headers and parameters.
func TestEncodedSecretsAreMasked(t *testing.T) {
	const pw, key = `hunter2 "x&y`, "k3y-0f-ann-1"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Session-Id", "session-of-ann")
		b, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s %s", r.URL, b, r.Header.Get("Authorization"), r.Header.Get("X-B"))
	}))
	t.Cleanup(server.Close)
	spec := loadgen.Spec{Target: server.URL, Users: 1, Secrets: map[string]string{"PW": pw}, Scenarios: []loadgen.Scenario{{Name: "s", Steps: []loadgen.Step{
		{Name: "json", Post: "/{{secret.PW}}?k={{secret.PW}}&api_key=" + key, JSON: json.RawMessage(`{"p": "{{secret.PW}}"}`), Auth: &loadgen.Auth{Basic: "ann:{{secret.PW}}"}},
		{Name: "form", Post: "/", Form: map[string]string{"p": "{{secret.PW}}"}, Headers: map[string]string{"X-B": `{{base64 "a:" secret.PW}} {{base64url secret.PW}}`, "X-Api-Key": key}},
	}}}}
	spec, err := Only(spec.WithDefaults(), "")
	if err != nil {
		t.Fatal(err)
	}
	one, err := Run(t.Context(), spec, "1")
	if err != nil || !one.Passed() {
		t.Fatalf("%v, %+v", err, one)
	}
	var text, doc strings.Builder
	hide := Masking(one, spec.Secrets)
	one.Text(&text, hide)
	if err := one.JSON(&doc, hide); err != nil {
		t.Fatal(err)
	}
	for _, output := range []string{text.String(), doc.String()} {
		for _, secret := range []string{"hunter2", "aHVudGVy", "h1bnRlcj", "odW50ZXIy", "bnRlc", key, "session-of-ann"} {
			if strings.Contains(output, secret) {
				t.Errorf("%s is shown in\n%s", secret, output)
			}
		}
	}
}

// Files in bodies are shown as their size.
func TestBytesAreNotShown(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"\x00\xff", "(2 bytes that are not text)"},
		{"--b\r\nA: 1\r\n\r\nnote\r\n--b\r\nB: 2\r\n\r\n\xff\xfe\xfd\r\n--b--\r\n", "--b\r\nA: 1\r\n\r\nnote\r\n--b\r\nB: 2\r\n\r\n(3 bytes that are not text)\r\n--b--\r\n"},
	} {
		if got := (Mask{}).body(c.body); got != c.want {
			t.Errorf("%q", got)
		}
	}
}
