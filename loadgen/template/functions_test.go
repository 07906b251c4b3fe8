package template

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
)

var names = Names{
	Variable: func(name string) (int, error) {
		for i, known := range []string{"token", "nasty", "accounts.user", "n", "set.first name"} {
			if name == known {
				return i, nil
			}
		}
		return 0, errors.New("no earlier step sets it")
	},
	Constant: func(name string) (string, bool, error) {
		switch name {
		case "env.HOST":
			return "a \"b", true, nil
		case "env.NONE":
			return "", false, errors.New("is not set")
		}
		return "", false, nil
	},
}

func scope() *Scope {
	return &Scope{
		Variables: []string{"abc", "a/b?c=d&e \"f\"\n€", "ann", "42", "Ann Lee"}, Random: rand.NewPCG(1, 2), User: 7, Iteration: 9,
		Now: func() time.Time { return time.UnixMilli(1_700_000_000_123) },
	}
}

func TestTexts(t *testing.T) {
	for _, test := range []struct {
		text  string
		where Place
		want  string
	}{
		{"/items/{{token}}/x", InURL, "/items/abc/x"},
		{"{{nasty}}", InText, "a/b?c=d&e \"f\"\n€"},
		{"{{nasty}}", InURL, "a%2Fb%3Fc%3Dd%26e%20%22f%22%0A%E2%82%AC"},
		{"{{raw nasty}}", InURL, "a/b?c=d&e%20%22f%22%0A%E2%82%AC"},
		{"{{raw nasty}}", InField, "a/b?c=d&e \"f\"\n€"},
		{"{{raw nasty}}", InHeader, `a/b?c=d&e "f"€`},
		{"a={{nasty}}&b={{urlencode token nasty}}", InForm, "a=a%2Fb%3Fc%3Dd%26e%20%22f%22%0A%E2%82%AC&b=abca%2Fb%3Fc%3Dd%26e%20%22f%22%0A%E2%82%AC"},
		{`{"a": "{{nasty}}", "b": {{n}}, "c": "{{sha1 token}}"}`, InJSON, `{"a": "a/b?c=d&e \"f\"\n€", "b": 42, "c": "a9993e364706816aba3e25717850c26c9cd0d89d"}`},
		{"{{set.first name}}", InText, "Ann Lee"},
		{"{{nasty}}", InString, `a/b?c=d&e \"f\"\n€`},
		{"{{nasty}}", InHeader, `a/b?c=d&e "f"€`},
		{"{{nasty}}", InReference, "a/b?c=d&e%20%22f%22%0A%E2%82%AC"},
		{"{{ accounts.user }}:{{user}}:{{iteration}}", InText, "ann:7:9"},
		{"{{env.HOST}}", InURL, "a%20%22b"},
		{`{{base64 accounts.user ":" "pw"}}`, InHeader, "YW5uOnB3"},
		{`{{base64 "{{x}}"}}`, InHeader, "e3t4fX0="},
		{"{{sha256 token}}", InText, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{`{{hmac "key" "The quick brown fox jumps over the lazy dog"}}`, InText, "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"},
		{"{{urlencode nasty}}", InHeader, "a%2Fb%3Fc%3Dd%26e%20%22f%22%0A%E2%82%AC"},
		{"{{now unix}}/{{now unixms}}/{{now}}/{{now '2006-01-02'}}", InText, "1700000000/1700000000123/2023-11-14T22:13:20Z/2023-11-14"},
		{"{{int 5 5}}{{pick x}}", InText, "5x"},
		{`{{"{{"}}token}} {{'{{'}} { {a} }} {"a":{"b":{{token}}}}`, InText, `{{token}} {{ { {a} }} {"a":{"b":abc}}`},
		{`{{{token}}}`, InText, "{abc}"},
		{`/{{"{{"}}x`, InURL, "/%7B%7Bx"},
		{"a b&{{nasty}}", InQuery, "a%20b%26a%2Fb%3Fc%3Dd%26e%20%22f%22%0A%E2%82%AC"},
		{"", InText, ""},
	} {
		text, err := Parse("body", test.text, test.where, names)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := string(text.Append(nil, scope())); got != test.want {
			t.Errorf("%s in %d: %q, want %q", test.text, test.where, got, test.want)
		}
	}
}

func TestRandomValues(t *testing.T) {
	text, err := Parse("body", "{{int -2 2}} {{pick a b}} {{uuid}}", InText, names)
	if err != nil {
		t.Fatal(err)
	}
	s, seen := scope(), map[string]bool{}
	form := regexp.MustCompile(`^-?[0-2] [ab] [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	for range 200 {
		got := string(text.Append(nil, s))
		if !form.MatchString(got) {
			t.Fatal(got)
		}
		seen[got[:strings.LastIndex(got, " ")]] = true
	}
	if len(seen) != 10 {
		t.Errorf("%v", seen)
	}
}

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

func TestTextsAreJoined(t *testing.T) {
	text, _ := Parse("body", "{{accounts.user}}:pw", InText, names)
	if got := string(Fixed("Basic ").Join(text.Base64(), Fixed("!")).Append(nil, scope())); got != "Basic YW5uOnB3!" {
		t.Errorf("%q", got)
	}
	if got, ok := Fixed("a:b").Base64().Constant(); !ok || got != "YTpi" {
		t.Errorf("%q", got)
	}
	if got := Replace(`/{{a}}/{{int 1 2}}?{{"x"}}`, strings.ToUpper); got != `/{{A}}/{{INT 1 2}}?{{"X"}}` {
		t.Errorf("%q", got)
	}
	if got := Replace("{{a}}{{1}}{{", strings.ToUpper); got != "{{A}}{{1}}{{" {
		t.Errorf("%q", got)
	}
	if !text.Holds("pw") || text.Holds("user") || !text.Leads() {
		t.Error("fixed parts")
	}
}

func TestWrongPlaceholders(t *testing.T) {
	for text, want := range map[string]string{
		"{{tokn}}": "no earlier step", "{{int 1}}": "least and the greatest", "{{int 5 1}}": "lesser first", "{{pick}}": "what to pick from",
		"{{env.NONE}}": "is not set", `{"a": {{1:1}}`: `{{1:1}}": is not a placeholder: literal braces are written {{"{{"}}`, "{{ }}": "is not a placeholder", "{{token": "is not a placeholder",
		"{{": "is not a placeholder", "{{$guid}}": "is not a placeholder", "{{tok\nen}}": "is not a placeholder", `{{"b": 1}}`: "is not a placeholder", "{{nope 1 2}}": "functions are", "{{base64}}": "it takes", "{{hmac a}}": "a key",
		"{{uuid 1}}": "no arguments", "{{now a b}}": "one layout", "{{raw}}": "not to be encoded", "{{base64 nope}}": "no earlier step",
	} {
		if _, err := Parse("body", text, InText, names); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`/{{token}}?{{int 1 5}}{{base64 token "a"}}{{`, `{"a": "{{nasty}}"}`)
	f.Fuzz(func(t *testing.T, text, doc string) {
		for where := InText; where <= InReference; where++ {
			if p, err := Parse("body", text, where, names); err == nil {
				p.Append(nil, scope())
			}
		}
		if !json.Valid([]byte(doc)) || strings.Contains(doc, "raw") {
			return
		}
		if p, err := ParseJSON("json", []byte(doc), names); err == nil {
			if out := p.Append(nil, scope()); !json.Valid(out) {
				t.Errorf("%q became %q", doc, out)
			}
		}
	})
}
