package extract

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

var page = &Response{
	Status: 201,
	Head:   []byte("Content-Type: text/html\nLocation: /next\nSet-Cookie: sid=abc; Path=/\nset-cookie: theme=dark\nX-N: 1\nX-N: 2\n"),
	Body:   []byte(`<input name="csrf" value="tok1"><input name="csrf" value="tok2">`),
}

func TestRules(t *testing.T) {
	for name, test := range map[string]struct {
		source Source
		text   string
		group  int
		pick   Pick
		want   string
		ok     bool
	}{
		"first group":       {Regex, `value="([^"]+)"`, -1, First, "tok1", true},
		"last":              {Regex, `value="([^"]+)"`, -1, Last, "tok2", true},
		"all":               {Regex, `value="([^"]+)"`, -1, All, `["tok1","tok2"]`, true},
		"count":             {Regex, `value="([^"]+)"`, -1, Count, "2", true},
		"count of none":     {Regex, `nothing`, -1, Count, "0", true},
		"whole match":       {Regex, `tok\d`, -1, First, "tok1", true},
		"group 0":           {Regex, `tok(\d)`, 0, First, "tok1", true},
		"no match":          {Regex, `nothing`, -1, First, "", false},
		"header":            {Header, "location", -1, First, "/next", true},
		"last header":       {Header, "x-n", -1, Last, "2", true},
		"no such header":    {Header, "x-m", -1, First, "", false},
		"cookie":            {Cookie, "sid", -1, First, "abc", true},
		"second cookie":     {Cookie, "theme", -1, First, "dark", true},
		"no such cookie":    {Cookie, "SID", -1, First, "", false},
		"status":            {Status, "", -1, First, "201", true},
		"JSON of no JSON":   {JSON, "$.a", -1, First, "", false},
		"everything of all": {JSON, "$..*", -1, All, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := New(test.source, test.text, test.group, test.pick)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := r.Value(page, rand.NewPCG(1, 2)); got != test.want || ok != test.ok {
				t.Errorf("%q, %v", got, ok)
			}
		})
	}
}

// Values with control characters or invalid UTF-8 are still strings of a JSON array.
func TestAllIsJSON(t *testing.T) {
	r, err := New(Regex, `(?s)\((.*?)\)`, -1, All)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := r.Value(&Response{Body: []byte("(\x01\a<&)(\"\\\n)(\x7f\u2029)")}, nil)
	var texts []string
	if err := json.Unmarshal([]byte(got), &texts); err != nil || !slices.Equal(texts, []string{"\x01\a<&", "\"\\\n", "\x7f\u2029"}) {
		t.Errorf("%s: %q, %v", got, texts, err)
	}
	if !strings.Contains(got, "<&") {
		t.Errorf("%s: characters of HTML are escaped", got)
	}
}

func TestRandomPicksEveryValue(t *testing.T) {
	r, _ := New(Regex, `value="([^"]+)"`, -1, Random)
	seen, random := map[string]bool{}, rand.NewPCG(1, 2)
	for range 100 {
		v, _ := r.Value(page, random)
		seen[v] = true
	}
	if len(seen) != 2 {
		t.Errorf("%v", seen)
	}
}

func TestInvalidRules(t *testing.T) {
	for _, test := range []struct {
		source Source
		text   string
		group  int
		want   string
	}{
		{JSON, "user.id", -1, "must start with $"},
		{JSON, "$.items[?(@.a==1)]", -1, "filters"},
		{JSON, "$.items[1:2]", -1, "slices"},
		{JSON, "$.", -1, "a name must follow"},
		{JSON, "$x", -1, "expected .name"},
		{JSON, "$['a", -1, "expected ['name']"},
		{JSON, "$[0", -1, "expected [index]"},
		{Regex, "(", -1, "RE2"},
		{Regex, "a(b)", 2, "no group 2"},
		{Header, "", -1, "must not be empty"},
	} {
		if _, err := New(test.source, test.text, test.group, First); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v", test.text, err)
		}
	}
}

const document = `{"user": {"name": "Zoë \"Z\" \ud83d\ude00\n", "id": 42, "tags": ["a", "b", "c"]},

 "items": [{"id": 1, "price": 9.5}, {"id": 2, "price": 12}, {"id": null}], "a.b": true, "empty": [], "id": "top"}`

// The time for a body is bounded whatever the target sends.
func TestHostileBodies(t *testing.T) {
	deep := func(open, shut string) []byte {
		return []byte(strings.Repeat(open, 1<<20/len(open)) + "1" + strings.Repeat(shut, 1<<20/len(open)))
	}
	html := bytes.Repeat([]byte(`<div class="row"><a href="/items/1">item</a></div>`+"\n"), 10<<20/50)
	for name, body := range map[string][]byte{
		"deep arrays": deep("[", "]"), "deep objects": deep(`{"a":`, "}"), "unclosed": bytes.Repeat([]byte("["), 1<<20),
		"unclosed objects": bytes.Repeat([]byte(`{"a":`), 1<<18), "a string without an end": append([]byte(`{"a":"`), bytes.Repeat([]byte("x"), 1<<20)...),
		"html": html, "wide": []byte("[" + strings.Repeat("1,", 1<<19) + "1]"),
	} {
		for _, path := range []string{"$..b", "$..a..a..a", "$..*..*", "$.a.a.a", "$[-1]", "$..[0]"} {
			r, err := New(JSON, path, -1, Count)
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			r.Value(&Response{Body: body}, nil)
			if took := time.Since(begun); took > 30*time.Second {
				t.Errorf("%s, %s: %v", name, path, took)
			}
		}
	}
	r, _ := New(Regex, `href="(/[a-z]+)+/(\d+)"$`, 2, Last)
	begun := time.Now()
	r.Value(&Response{Body: html}, nil)
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("a regular expression over 10 MB: %v", took)
	}
}

// A regular expression beside a header or cookie returns a part of it. HTML character references are resolved on demand.
func TestPartsOfHeaders(t *testing.T) {
	q := &Response{Status: 302, Head: []byte("Location: http://a/cb?state=1&code=c-9&x=1\nSet-Cookie: s=v1.abc; Path=/\nX: 1\nX: b2\nX: b3\n"), Body: []byte(`<form action="/do?a=1&amp;b=2">`)}
	for _, test := range []struct {
		source    Source
		name      string
		expr      string
		pick      Pick
		html      bool
		want      string
		wantFound bool
	}{
		{Header, "location", `[?&]code=([^&]+)`, First, false, "c-9", true}, {Header, "Location", `[?&]token=([^&]+)`, First, false, "", false},
		{Cookie, "s", `^v1\.(.*)`, First, false, "abc", true}, {Header, "X", `b\d`, Last, false, "b3", true}, {Header, "X", `b\d`, Count, false, "2", true},
		{Header, "X", `b(\d)`, All, false, `["2","3"]`, true},
		{Regex, `action="([^"]+)"`, "", First, true, "/do?a=1&b=2", true}, {Regex, `action="([^"]+)"`, "", First, false, "/do?a=1&amp;b=2", true},
	} {
		r, err := New(test.source, test.name, -1, test.pick)
		if err == nil && test.expr != "" {
			err = r.Within(test.expr, -1)
		}
		if err != nil {
			t.Fatal(err)
		}
		if test.html {
			r.ResolveHTML()
		}
		if got, found := r.Value(q, nil); got != test.want || found != test.wantFound {
			t.Errorf("%s %s: %q, %v", test.name, test.expr, got, found)
		}
	}
}
