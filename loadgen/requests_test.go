package loadgen

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestSetBodyKeepsText(t *testing.T) {
	spec := Spec{BodyBase64: "AA=="}
	spec.SetBody([]byte("grüße {{seq}}"))
	if want := (Spec{Body: "grüße {{seq}}"}); !reflect.DeepEqual(spec, want) {
		t.Errorf("%+v", spec)
	}
}

func TestInvalidBodies(t *testing.T) {
	for want, spec := range map[string]Spec{
		"body_base64: set body or body_base64": {Body: "a", BodyBase64: "YQ=="},
		`body_base64 "YQ": must be base64`:     {BodyBase64: "YQ"},
		"body_base64 5592412: must be at most": {BodyBase64: strings.Repeat("A", 5592412)},
		"requests[0].body_base64":              {Requests: []Request{{Name: "a", BodyBase64: "!"}}},
	} {
		spec.Target, spec.Count = "http://127.0.0.1/", 1
		if err := spec.WithDefaults().Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// In a message, a body without placeholders is at most about as long as its base64.
func TestBodySizeInMessages(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		text bool
	}{
		"zeros":        {strings.Repeat("\x00", 10_000), false},
		"markup":       {strings.Repeat("<&>", 3000), false},
		"prose":        {strings.Repeat("a line of text\n", 500), true},
		"JSON":         {strings.Repeat(`{"name":"value"}`, 500), true},
		"short":        {"a<b", true},
		"placeholders": {strings.Repeat("\x00", 1000) + "{{seq}}", true},
		"not UTF-8":    {"\xff", false},
	} {
		var s Spec
		s.SetBody([]byte(c.body))
		if (s.Body != "") != c.text {
			t.Errorf("%s: text %v, want %v", name, s.Body != "", c.text)
		}
		message, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if most := len(c.body)*4/3 + 300; len(message) > most && name != "placeholders" {
			t.Errorf("%s: %d bytes in a message, %d at most", name, len(message), most)
		}
		if quoted, _ := json.Marshal(c.body); c.text && EscapedLen(c.body) != len(quoted)-2 {
			t.Errorf("%s: %d bytes escaped, counted %d", name, len(quoted)-2, EscapedLen(c.body))
		}
	}
}

func TestJoinHeader(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []string
		want   string
		ok     bool
	}{
		{"X-A", []string{"1", "2"}, "1, 2", true}, {"cookie", []string{"a=1", "b=2"}, "a=1; b=2", true},
		{"Host", []string{"a"}, "a", true}, {"Host", []string{"a", "b"}, "", false}, {"content-TYPE", []string{"a", "b"}, "", false},
	} {
		if got, ok := JoinHeader(c.name, c.values); got != c.want || ok != c.ok {
			t.Errorf("%s %q: %q, %v, want %q, %v", c.name, c.values, got, ok, c.want, c.ok)
		}
	}
}
