package loadgen

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const secret = "Top5ecretOfTheOperator"

func TestRedacted(t *testing.T) {
	spec := Spec{
		Name: "checkout", Kind: Tsunami, Target: "https://ann:" + secret + "@shop.example/cart?access_token=" + secret + "&page=2", Method: "PUT",
		Headers: map[string]string{"Content-Type": "application/json", "User-Agent": "x/1"},
		Body:    `{"password":"` + secret + `"}`, CSV: "user,password\nann," + secret + "\n", RateRPS: 100, Connections: 8, Seed: 5,
		Requests: []Request{
			{Name: "login", URL: "/login?code=" + secret + "&page={{seq}}", Body: "password=" + secret, BodyBase64: secret, Headers: map[string]string{"Accept": "text/html"}},
			{Name: "hook", URL: "https://" + secret + "@hooks.example/services/T0/" + secret},
		},
		TLS: TLS{ServerName: "shop.example", Key: secret, Cert: "certificate", CA: "authority"}, Thresholds: []Threshold{{Expr: "p99<250ms"}},
	}
	for _, name := range strings.Fields(`Authorization Proxy-Authorization Cookie X-Api-Key X-Auth-Token Api-Key apikey Private-Token X-Vault-Token
		X-Amz-Security-Token X-CSRFToken X-Whatever Referer`) {
		spec.Headers[name], spec.Requests[0].Headers[name] = secret, secret
	}
	before := clone(t, spec)
	shown := spec.Redacted()
	if text, _ := json.Marshal(shown); strings.Contains(string(text), secret) {
		t.Errorf("shown: %s", text)
	}
	if !reflect.DeepEqual(spec, before) {
		t.Error("the spec itself was changed")
	}
	if again := shown.Redacted(); !reflect.DeepEqual(again, shown) {
		t.Errorf("redacted twice: %+v, once: %+v", again, shown)
	}
	for what, is := range map[string][2]any{
		"name": {shown.Name, "checkout"}, "kind": {shown.Kind, Tsunami}, "rate": {shown.RateRPS, 100.0}, "method": {shown.Method, "PUT"},
		"target": {shown.Target, "https://(hidden)@shop.example/cart?access_token=(hidden)&page=2"}, "request": {shown.Requests[0].Name, "login"},
		"url": {shown.Requests[0].URL, "/login?code=(hidden)&page={{seq}}"}, "webhook": {shown.Requests[1].URL, "https://(hidden)@hooks.example/services/T0/(hidden)"},
		"body": {shown.Body, "(37 bytes)"}, "type": {shown.Headers["Content-Type"], "application/json"}, "threshold": {shown.Thresholds[0].Expr, "p99<250ms"},
		"server name": {shown.TLS.ServerName, "shop.example"}, "key": {shown.TLS.Key, Hidden},
	} {
		if is[0] != is[1] {
			t.Errorf("%s: %v, want %v", what, is[0], is[1])
		}
	}
}

// A new string field of Spec is hidden until it is listed as harmless.
func TestUnlistedFieldsAreHidden(t *testing.T) {
	type added struct {
		Token  string            `json:"token"`
		Values map[string]string `json:"values"`
		Deep   *struct {
			List []string `json:"list"`
		} `json:"deep"`
		Any any    `json:"any"`
		Raw []byte `json:"raw"`
		N   int    `json:"n"`
	}
	v := added{Token: secret, Values: map[string]string{"a": secret}, Any: secret, Raw: []byte(secret), N: 7}
	v.Deep = &struct {
		List []string `json:"list"`
	}{[]string{secret}}
	out := redact(reflect.ValueOf(v), "").Interface().(added)
	if out.Token != Hidden || out.Values["a"] != Hidden || out.Deep.List[0] != Hidden || out.Any != Hidden || out.Raw != nil || out.N != 7 {
		t.Errorf("%+v %v", out, out.Deep)
	}
}

func TestRedactURL(t *testing.T) {
	for raw, want := range map[string]string{
		"http://127.0.0.1:8080/ping":        "http://127.0.0.1:8080/ping",
		"http://a:b@c@h/":                   "http://(hidden)@h/",
		"http://token@h":                    "http://(hidden)@h",
		"http://h/?a=b=c&d&e=":              "http://h/?a=(hidden)&d&e=",
		"http://h/p#fragment":               "http://h/p",
		"//u:p@h/x":                         "//(hidden)@h/x",
		"unix:/run/app.sock:/p?token=x":     "unix:/run/app.sock:/p?token=(hidden)",
		"/users/{{csv.id}}?q={{csv.q}}":     "/users/{{csv.id}}?q={{csv.q}}",
		"/bot123456:AAF3kd93kfj39dkfj39dk/": "/(hidden)/",
		"/articles/how-to-load-a-server":    "/articles/how-to-load-a-server",
		"http://h/?" + secret:               "http://h/?(hidden)",
		"http://u:" + secret + "@[::1/":     "http://(hidden)@[::1/",
		"":                                  "",
	} {
		if got := RedactURL(raw); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func clone(t *testing.T, s Spec) (out Spec) {
	t.Helper()
	text, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func FuzzRedactURL(f *testing.F) {
	for _, raw := range []string{"http://u:p@h/p?a=b#c", "//@@/", "unix:/a:/b", "?&=&", "http://[::1]/{{seq}}"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once := RedactURL(raw)
		if again := RedactURL(once); again != once {
			t.Fatalf("%q, then %q", once, again)
		}
	})
}

func TestRedactLine(t *testing.T) {
	for line, want := range map[string]string{
		"GET /users/7?token=abc&page=2 HTTP/1.1":      "GET /users/7?token=(hidden)&page=2 HTTP/1.1",
		"HTTP/1.1 500 Internal Server Error":          "HTTP/1.1 500 Internal Server Error",
		"Authorization: Bearer abc":                   "Authorization: (hidden)",
		"Set-Cookie: sid=abc; Path=/":                 "Set-Cookie: (hidden)",
		"content-type: application/json":              "content-type: application/json",
		"Retry-After:  30 ":                           "Retry-After: 30",
		"Location: https://u:p@h/login?ticket=abc":    "Location: https://(hidden)@h/login?ticket=(hidden)",
		"X-Secret-Thing: " + strings.Repeat("a1", 20): "X-Secret-Thing: (hidden)",
	} {
		if got := RedactLine(line); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

func TestRedactText(t *testing.T) {
	for text, want := range map[string]string{
		`{"error":"out of stock","item":17}`:                `{"error":"out of stock","item":17}`,
		`{"access_token": "abc", "user": "ana"}`:            `{"access_token": "(hidden)", "user": "ana"}`,
		`user=ana&password=letmein&next=/`:                  `user=ana&password=(hidden)&next=/`,
		`authorization: Bearer abc.def`:                     `authorization: (hidden)`,
		`see eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9 for more`: `see (hidden) for more`,
		`a long-but-harmless-sentence-without-digits`:       `a long-but-harmless-sentence-without-digits`,
	} {
		if got := RedactText(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestHiddenPart(t *testing.T) {
	for want, s := range map[string]Spec{
		"":          {Target: "http://shop.test/items?page=2", Headers: map[string]string{"Accept": "text/html"}, Thresholds: []Threshold{{Expr: "failed<1%"}}},
		"target":    {Target: "http://shop.test/items?token=abc"},
		"headers":   {Target: "http://shop.test/", Headers: map[string]string{"Authorization": "Bearer abc"}},
		"body":      {Target: "http://shop.test/", Body: "name=ann"},
		"csv":       {Target: "http://shop.test/", CSV: "user\nann\n"},
		"requests":  {Target: "http://shop.test/", Requests: []Request{{Name: "buy", URL: "/buy", Body: "item=1"}}},
		"scenarios": {Target: "http://shop.test/", Scenarios: []Scenario{{Name: "buyer", Steps: []Step{{Post: "/login", JSON: json.RawMessage(`{"user":"ann"}`)}}}}},
		"tls":       {Target: "https://shop.test/", TLS: TLS{Key: "key"}},
		"secrets":   {Target: "http://shop.test/", Secrets: map[string]string{"A": "b"}},
	} {
		if got := s.HiddenPart(); got != "" {
			t.Errorf("%s is there, but counts as hidden in %q", want, got)
		}
		if got := s.Redacted().HiddenPart(); got != want {
			t.Errorf("%q is hidden, want %q", got, want)
		}
	}
}
