package tui

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/tui/form"
	"landfall/tui/keys"
	"landfall/tui/tuitest"
)

// withSpec is a console with a form into which a file was loaded.
func withSpec(t *testing.T, text string) *model {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spec-cookie.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m := inState(t, "idle", 120, 40)
	press(m, "T", "ctrl+o", path, "enter")
	return m
}

const manyRequests = `kind: tsunami

target: http://127.0.0.1:36080
rate: 100
duration: 5s
patience: 3s
requests:
  - name: look
    weight: 9
    url: /ping
  - name: buy
    method: POST
    url: /ping
tls:
  server_name: kept.example
`

// Nothing is sent that form and confirmation do not show, and a file that was loaded goes with the form.
func TestFormShowsAllThatIsSent(t *testing.T) {
	m := withSpec(t, manyRequests)
	for _, want := range []string{"requests look 9 · buy 1", "patience 3s", "tls", "spec-cookie.yaml"} {
		if shown := m.View(); !strings.Contains(shown, want) {
			t.Errorf("the form does not say %q:\n%s", want, shown)
		}
	}
	press(m, "enter")
	for _, want := range []string{"requests look 9 · buy 1", "patience 3s", "http://127.0.0.1:36080"} {
		if ask := m.View(); !strings.Contains(ask, want) {
			t.Errorf("the confirmation does not say %q:\n%s", want, ask)
		}
	}
	press(m, "esc", "esc", "T", "enter", "y")
	sent := m.conductor.(*tuitest.Conductor).Sent
	if len(sent.Requests) > 0 || sent.TLS.ServerName != "" {
		t.Errorf("a file that was left is sent all the same: %+v", sent)
	}

	m = withSpec(t, manyRequests)
	press(m, "ctrl+r", "enter", "y")
	sent = m.conductor.(*tuitest.Conductor).Sent
	if len(sent.Requests) > 0 || sent.TLS.ServerName != "" || sent.Patience != 0 || sent.RateRPS != 100 {
		t.Errorf("forgotten, and sent all the same: %+v", sent)
	}

	m = withSpec(t, manyRequests)
	press(m, "ctrl+t")
	if text := m.View(); !strings.Contains(text, "url: /ping") || !strings.Contains(text, "weight: 9") {
		t.Errorf("the spec as it will be sent:\n%s", text)
	}
	if press(m, "esc"); m.scope() != keys.InForm {
		t.Errorf("esc goes from the spec to %T", m.top())
	}
}

// Every field of a spec is either a field of the form or shown as one that is sent, too.
func TestNoFieldIsHidden(t *testing.T) {
	fields := reflect.TypeOf(loadgen.Spec{})
	for i := range fields.NumField() {
		f := fields.Field(i)
		var s loadgen.Spec
		v := reflect.ValueOf(&s).Elem().Field(i)
		fillValue(v, 6)
		shown := s
		form.OnlyFields(&shown)
		if reflect.DeepEqual(shown, s) {
			continue // the form has it
		}
		if len(form.BeyondFields(s)) == 0 {
			t.Errorf("%s is sent without being shown", f.Name)
		}
	}
}

// fillValue makes a value that is not its type's zero, nested up to depth.
func fillValue(v reflect.Value, depth int) {
	if depth == 0 {
		return
	}
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		v.SetBytes([]byte("1"))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.Float64:
		v.SetFloat(7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillValue(v.Index(0), depth-1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fillValue(key, depth-1)
		fillValue(value, depth-1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(v.Elem(), depth-1)
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(v.Field(i), depth-1)
		}
	}
}

// Headers keep what is theirs: a ; ends one only where another one's name follows.
func TestHeaders(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                         nil,
		"Cookie: a=1; b=2":         {"Cookie": "a=1; b=2"},
		"Accept: text/html; q=0.9": {"Accept": "text/html; q=0.9"},
		"Content-Type: text/plain; charset=utf-8": {"Content-Type": "text/plain; charset=utf-8"},
		"X: a; b:c":  {"X": "a; b:c"},
		"A: 1; B: 2": {"A": "1", "B": "2"},
		"Cookie: a=1; b=2; Accept: text/html;q=0.9": {"Cookie": "a=1; b=2", "Accept": "text/html;q=0.9"},
		"A: 1;": {"A": "1"},
	} {
		got, err := form.ParseHeaders(form.SplitHeaders(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{"A": "must be Name: value", "A: 1; a: 2": "given twice", ": x": "must be Name: value"} {
		if _, err := form.ParseHeaders(form.SplitHeaders(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	m := withSpec(t, "kind: tsunami\ntarget: http://127.0.0.1:9/\nrate: 10\nduration: 1s\nheaders:\n  X: \"a; Y: b\"\n  Cookie: a=1; b=2\n")
	press(m, "enter", "y")
	want := map[string]string{"X": "a; Y: b", "Cookie": "a=1; b=2"}
	if sent := m.conductor.(*tuitest.Conductor).Sent; !reflect.DeepEqual(sent.Headers, want) {
		t.Errorf("headers that were not edited are sent as %v, want %v", sent.Headers, want)
	}
}

// The path of a spec file is completed; with nothing typed the recent files are offered first.
func TestPaths(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"one.yaml", "other.txt", "two.yaml", "folder/three.yaml"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("kind: avalanche\ntarget: http://127.0.0.1:9/\ncount: 1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := inState(t, "idle", 120, 40)
	m.config.SpecPath = filepath.Join(dir, "data", "last-spec.yaml")
	press(m, "T", "ctrl+o", "f", "tab")
	p := m.top().(*prompt)
	if p.input.Value() != "folder/" {
		t.Errorf("f is completed to %q", p.input.Value())
	}
	press(m, "tab", "enter")
	if f, is := m.top().(*composing); !is || !strings.HasSuffix(f.From, "three.yaml") {
		t.Fatalf("not loaded:\n%s", m.View())
	}
	press(m, "ctrl+o")
	if p := m.top().(*prompt); len(p.words) == 0 || !strings.HasSuffix(p.words[0], "folder/three.yaml") {
		t.Errorf("the recent file is not offered: %q", p.words)
	}
	contains(t, m, "one.yaml", "two.yaml")
}
