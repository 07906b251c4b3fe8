package template

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

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

func TestInvalidPlaceholders(t *testing.T) {
	for text, want := range map[string]string{
		"{{tokn}}": "no earlier step", "{{int 1}}": "a minimum and a maximum", "{{int 5 1}}": "the smaller one first", "{{pick}}": "values to pick from",
		"{{env.NONE}}": "is not set", `{"a": {{1:1}}`: `{{1:1}}": is not a placeholder; write {{"{{"}} for literal braces`, "{{ }}": "is not a placeholder", "{{token": "is not closed",
		"{{": "is not closed", "{{$guid}}": "is not a placeholder", "{{tok\nen}}": "is not closed", `{{"b": 1}}`: "is not a placeholder", "{{nope 1 2}}": "functions are", "{{base64}}": "needs variables or quoted texts", "{{hmac a}}": "a key",
		"{{uuid 1}}": "no arguments", "{{now a b}}": "a layout and a shift", "{{now -7}}": "not a time shift", "{{now x +1001y}}": "not a time shift", "{{now -}}": "not a time shift", "{{raw}}": "that is not to be encoded", "{{base64 nope}}": "no earlier step",
	} {
		if _, err := Parse("body", text, InText, names); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Plain requests have the same functions as scenarios, with columns instead of variables.
func TestFunctionsInPlainRequests(t *testing.T) {
	rows := table(t, "user,\"it's a \"\"name\"\"\"\nO'Brien,x\n")
	for text, want := range map[string]string{
		`Basic {{base64 csv.user ":" "pw"}}`: "Basic TydCcmllbjpwdw==", "{{int 3 3}}{{pick a}}": "3a", "{{sha256 csv.user}}": "e6e624964c8327e453b3287bb23046e5b85cfabfab651ef8d68357cbd77a379a",
		`{{csv.it's a "name"}}`: "x", "{{now unix}}": "1700000000", `{{raw csv.it's a "name"}}`: "x",
	} {
		tmpl, err := Parse("body", text, InText, plainNames(rows))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		s := scope()
		if got := string(tmpl.Append(nil, s)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// What functions compute from secrets is reported: what is constant when it is compiled, the rest when it is filled in.
func TestDerivedFromSecrets(t *testing.T) {
	for text, want := range map[string]string{
		`{{base64 "u:" secret.PW}}`: "dTpodXNo",
		`{{urlencode secret.PW}}`:   "hush",
		`{{hmac secret.PW uuid}}`:   ", 64",
		`{{md5 token iteration}}`:   ", 32",
		`{{sha256 "hush" other}}`:   "",
		`{{secret.PW}}{{uuid}}`:     "",
		`{{md5 "a"}}{{base64 env}}`: "",
	} {
		var got []string
		names := Names{
			Constant: func(name string) (string, bool, error) { return "hush", name == "secret.PW", nil },
			Variable: func(string) (int, error) { return 0, nil },
			Secret:   func(name string) bool { return name == "secret.PW" || name == "token" },
			Derived:  func(value string) { got = append(got, value) },
		}
		one, err := Parse("body", text, InText, names)
		if err != nil {
			t.Fatal(err)
		}
		s := Scope{Random: rand.NewPCG(1, 2), Now: time.Now, Variables: []string{"v"}, Derived: func(value string) { got = append(got, strconv.Itoa(len(value))) }}
		one.Append(nil, &s)
		if have := strings.Join(got, ", "); have != want {
			t.Errorf("%s: %q, want %q", text, have, want)
		}
		if want := strings.Contains(text, "secret.PW") || strings.Contains(text, "token"); one.Secret() != want {
			t.Errorf("%s: Secret() = %v", text, !want)
		}
	}
}
