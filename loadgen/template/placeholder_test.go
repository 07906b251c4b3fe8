package template

import (
	"errors"
	"strings"
	"testing"

	"landfall/loadgen/field"
)

func table(t *testing.T, text string) *Rows {
	t.Helper()
	rows, err := ParseRows(text)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// plainNames returns the names of a plain request.
func plainNames(rows *Rows) Names {
	return Names{Table: rows, Constant: func(name string) (string, bool, error) { return "drv 1", name == "node", nil }}
}

// filled returns a template filled in with the first row.
func filled(t *testing.T, text string, where Place, rows *Rows) string {
	t.Helper()
	tmpl, err := Parse("body", text, where, plainNames(rows))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return string(tmpl.Append(nil, &Scope{Seq: 7}))
}

func TestValuesAreEncodedForTheirPlace(t *testing.T) {
	rows := table(t, "user,first name,Straße\n\"O\"\"Brien & a+b\",Ann Lee,Nähe 1\n")
	for _, c := range []struct {
		where      Place
		text, want string
	}{
		{InURL, "/u/{{csv.user}}?q={{csv.user}}", "/u/O%22Brien%20%26%20a%2Bb?q=O%22Brien%20%26%20a%2Bb"},
		{InURL, "/{{node}}/{{seq}}?{{raw csv.user}}", "/drv%201/7?O%22Brien%20&%20a+b"},
		{InForm, "a={{csv.user}}&b=c", "a=O%22Brien%20%26%20a%2Bb&b=c"},
		{InForm, "{{raw csv.user}}", `O"Brien & a+b`},
		{InJSON, `{"u":"{{csv.user}}","n":{{seq}}}`, `{"u":"O\"Brien & a+b","n":7}`},
		{InJSON, `{"a\"b":"\\{{csv.user}}"}`, `{"a\"b":"\\O\"Brien & a+b"}`},
		{InJSON, `{"u":"{{raw csv.user}}"}`, `{"u":"O"Brien & a+b"}`},
		{InJSON, `[{{csv.user}}]`, `[O"Brien & a+b]`},
		{InHeader, "{{csv.user}}", `O"Brien & a+b`},
		{InText, "{{csv.first name}}, {{ csv.Straße }}", "Ann Lee, Nähe 1"},
	} {
		if got := filled(t, c.text, c.where, rows); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestLiteralBraces(t *testing.T) {
	for text, want := range map[string]string{
		`{{"{{"}}seq}}`: "{{seq}}", `{{ "a}}b" }}`: "a}}b", `{{{seq}}}`: "{7}", `{"a":{"b":{{seq}}}}`: `{"a":{"b":7}}`, `{{"$"}}{X}`: "${X}",
		"{ {a} }}": "{ {a} }}", `{{""}}`: "",
	} {
		if got := filled(t, text, InText, nil); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := filled(t, `/{{"{{"}}x}}`, InURL, nil); got != "/%7B%7Bx}}" {
		t.Errorf("in a URL: %s", got)
	}
}

func TestUnknownPlaceholdersAreErrors(t *testing.T) {
	rows := table(t, "a\n\"x\ny\"\n")
	for text, want := range map[string]string{
		"{{sqe}}": `"{{sqe}}": must be {{seq}}, {{node}}`, "{{$uuid}}": "is not a placeholder", "{{user}}": "available in scenarios only", "{{nope a}}": "functions are", "{{random:1-10}}": "must be {{seq}}",
		"{{}}": "is not a placeholder", `{{"a" b}}`: "is not a placeholder", "{{seq": "is not closed with }}", `{"a":{{"b": 1}}}`: "is not a placeholder;",
		"{{csv.b}}": "no such column; its columns are a", "{{raw}}": "not to be encoded",
	} {
		_, err := Parse("body", text, InText, plainNames(rows))
		var wrong *field.Error
		if !errors.As(err, &wrong) || wrong.Field != "body" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := Parse("headers.X", "{{csv.a}}", InHeader, plainNames(rows)); err == nil || !strings.Contains(err.Error(), "is not a valid header value") {
		t.Errorf("a line break in a header: %v", err)
	}
	if _, err := Parse("body", "{{csv.a}}", InText, plainNames(nil)); err == nil || !strings.Contains(err.Error(), "needs a csv") {
		t.Errorf("no csv: %v", err)
	}
}

// A literal text is filled in unchanged, wherever it has braces.
func FuzzLiteral(f *testing.F) {
	for _, text := range []string{"{{seq}}", "{{{", "}}{{\"{{\"}}", "{{{{{{a", "{\"a\":{}}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, err := Parse("body", Literal(text), InText, plainNames(nil))
		if got, ok := tmpl.Constant(); err != nil || !ok || got != text {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	})
}
