package extract

import (
	"bytes"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	for path, want := range map[string]string{
		"$.user.name":                 "Zoë \"Z\" 😀\n",
		"$.user.id":                   "42",
		"$['user']['id']":             "42",
		`$["a.b"]`:                    "true",
		"$.user.tags[1]":              "b",
		"$.user.tags[-1]":             "c",
		"$.user.tags[3]":              "",
		"$.user.tags[-4]":             "",
		"$.user.tags":                 `["a", "b", "c"]`,
		"$.items[*].price":            "9.5|12",
		"$.items[2].id":               "null",
		"$..id":                       "42|1|2|null|top",
		"$..items..id":                "1|2|null",
		"$.user.*":                    `Zoë "Z" 😀` + "\n" + `|42|["a", "b", "c"]`,
		"$..tags[0]":                  "a",
		"$..[-1]":                     `c|{"id": null}`,
		"$.empty[0]":                  "",
		"$.items.id":                  "",
		"$.user[0]":                   "",
		"$.user.name.first":           "",
		"$.empty":                     "[]",
		"$.items[0]['price','other']": "error",
	} {
		p, err := ParsePath(path)
		if want == "error" {
			if err == nil {
				t.Errorf("%s was accepted", path)
			}
			continue
		}
		if err != nil {
			t.Fatal(path, err)
		}
		var got []string
		if err := p.Each([]byte(document), func(raw []byte) bool { got = append(got, Text(raw)); return true }); err != nil {
			t.Error(path, err)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func FuzzPath(f *testing.F) {
	f.Add("$.user.tags[-1]", []byte(document))
	f.Add("$..id", []byte(document))
	f.Add("$..*", []byte(`[[[{"a":"\ud800"}]]]`))
	f.Add("$['a\\'b']", []byte(`{"a'b":1}`))
	f.Fuzz(func(t *testing.T, path string, body []byte) {
		p, err := ParsePath(path)
		if err != nil {
			return
		}
		n := 0
		_ = p.Each(body, func(raw []byte) bool {
			if len(raw) == 0 || !bytes.Contains(body, raw) {
				t.Errorf("%q is not a part of the body", raw)
			}
			Text(raw)
			n++
			return n < 1000
		})
	})
}

func BenchmarkPath(b *testing.B) {
	p, _ := ParsePath("$.items[1].price")
	b.ReportAllocs()
	for b.Loop() {
		_ = p.Each([]byte(document), func([]byte) bool { return false })
	}
}
