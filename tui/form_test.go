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

// An Avalanche between two Tsunamis does not take their pace away.
func TestPaceIsKept(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "down", "down", "down", "down", "ctrl+u", "777", "enter", "y", "A", "enter", "y", "T")
	if rate := m.top().(*composing).Value("rate"); rate != "777" {
		t.Errorf("rate %q", rate)
	}
}

// Fields are checked as they are typed, also those that come after one that is wrong, and take what the command line takes.
func TestFieldsAreChecked(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "ctrl+u", "nonsense", "down", "G E T", "down", "down", "down", "x")
	f := m.top().(*composing)
	for _, field := range f.Fields {
		if wrong := field.Name == "target" || field.Name == "method" || field.Name == "rate"; wrong != (field.Err != nil) {
			t.Errorf("%s: %v", field.Name, field.Err)
		}
	}
	var d form.Draft
	if err := form.SetThresholds(&d, "p99 < 250ms, errors<1%"); err != nil || len(d.Spec.Thresholds) != 2 || d.Spec.Thresholds[0].Expr != "p99<250ms" {
		t.Errorf("%v %v", d.Spec.Thresholds, err)
	}
	if err := form.SetStages(&d, "10s:500, 1m 1k"); err != nil || len(d.Spec.Stages) != 2 || d.Spec.Stages[0].To != 500 {
		t.Errorf("%v %v", d.Spec.Stages, err)
	}
}

// Fields with few values are chosen from with left and right, options with space.
func TestChoices(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "down", "right", "right")
	f := m.top().(*composing)
	if f.Value("method") != "POST" || f.Draft.Spec.Method != "POST" {
		t.Errorf("method %q", f.Value("method"))
	}
	for f.Fields[f.At].Name != "options" {
		press(m, "down")
	}
	press(m, "right", " ", "right", "right", " ") // poisson is the first option, insecure the third
	if f.Value("options") != "poisson insecure" || f.Draft.Spec.Arrivals != "poisson" || !f.Draft.Spec.TLS.Insecure {
		t.Errorf("options %q", f.Value("options"))
	}
	m = inState(t, "idle", 200, 60)
	press(m, "T")
	f = m.top().(*composing)
	for f.Fields[f.At].Name != "options" {
		press(m, "down")
	}
	press(m, "right", " ", "right", "right", " ")
	contains(t, m, "[✓] poisson", "[ ] no-keepalive", "[✓] insecure")
	press(m, "left", "left", " ")
	if f.Value("options") != "insecure" {
		t.Errorf("options %q", f.Value("options"))
	}
	press(m, "down", "left")
	if f.Value("drivers") != "zone=eu-3" || f.Draft.Sel.Labels["zone"] != "eu-3" {
		t.Errorf("drivers %q", f.Value("drivers"))
	}
}

// A body, headers or the whole spec come back from the editor as they were written there.
func TestEditor(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T")
	f := m.top().(*composing)
	m.Update(editedMsg{what: "body", text: "{\n  \"a\": 1\n}\n"})
	m.Update(editedMsg{what: "headers", text: "Cookie: a=1; b=2\nX-Y: z; Z: 1\n\n"})
	if f.Draft.Spec.Body != "{\n  \"a\": 1\n}" || f.Draft.Spec.Headers["Cookie"] != "a=1; b=2" || f.Draft.Spec.Headers["X-Y"] != "z; Z: 1" {
		t.Errorf("%+v", f.Draft.Spec)
	}
	m.Update(editedMsg{text: "kind: avalanche\ntarget: http://127.0.0.1:1/x\ncount: 5\n"})
	if f.Kind != loadgen.Avalanche || f.Draft.Spec.Count != 5 || f.Value("target") != "http://127.0.0.1:1/x" {
		t.Errorf("%+v", f.Draft.Spec)
	}
	m.Update(editedMsg{text: "kind: nonsense"})
	if f.Draft.Spec.Count != 5 || !m.notice.bad {
		t.Errorf("a spec that is wrong is taken: %+v", f.Draft.Spec)
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

// A run starts again with one key and an answer, from the history too, and can be edited before.
func TestAgain(t *testing.T) {
	m := inState(t, "history", 120, 40)
	press(m, "R")
	contains(t, m, "Run this Tsunami again?", "http://127.0.0.1:8080/ping")
	press(m, "enter")
	c := m.conductor.(*tuitest.Conductor)
	if len(c.Asked) != 1 || c.Sent.RateRPS != 3000 {
		t.Fatalf("asked %q, rate %g", c.Asked, c.Sent.RateRPS)
	}
	press(m, "4", "E")
	if f, is := m.top().(*composing); !is || f.Value("rate") != "3000" {
		t.Errorf("E does not open the run in the form:\n%s", m.View())
	}
	m = inState(t, "running", 120, 40)
	if press(m, "R", "y"); len(m.conductor.(*tuitest.Conductor).Asked) > 0 {
		t.Error("a second run is triggered while one is active")
	}
}
