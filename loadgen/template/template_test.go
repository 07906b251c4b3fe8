package template

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
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

func TestParse(t *testing.T) {
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
		{`{{now unix +90m}} {{now '2006-01-02' -7d}} {{now -18y}} {{now "2006-01-02" +90d}}`, InText, "1700005400 2023-11-07 2005-11-14T22:13:20Z 2024-02-12"},
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

func TestJoinAndBase64(t *testing.T) {
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
	if !text.Contains("pw") || text.Contains("user") || !text.StartsVarying() {
		t.Error("fixed parts")
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

// All values but generated ones are known after a request was sent.
func TestAppendKnown(t *testing.T) {
	tmpl, err := Parse("body", "{{seq}} {{csv.a}} {{node}} {{random}} {{uuid}} {{int 1 2}} {{base64 csv.a}}", InText, plainNames(table(t, "a\nx\ny\n")))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(tmpl.AppendKnown(nil, 3, 9)), "9 y drv 1 {{random}} {{uuid}} {{int 1 2}} {{base64 csv.a}}"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAppendAllocatesNothing(t *testing.T) {
	tmpl, err := Parse("body", `{"a":"{{base64 csv.a}}","b":"{{sha256 csv.a}}","c":"{{urlencode csv.a}}","d":"{{pick 'x\y'}}","e":"{{now}}","f":{{int 1 5}}}`, InJSON, plainNames(table(t, "a\nx y\n")))
	if err != nil {
		t.Fatal(err)
	}
	s, dst := scope(), make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { dst = tmpl.Append(dst[:0], s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
