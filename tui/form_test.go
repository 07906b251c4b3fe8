package tui

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"landfall/tui/keys"
	"landfall/tui/tuitest"
)

// withSpec returns a console with a form into which a file was loaded.
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

// Form and confirmation show everything that is sent, and a loaded spec is discarded with the form.
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

// Headers that were not edited are sent unchanged.
func TestHeaders(t *testing.T) {
	m := withSpec(t, "kind: tsunami\ntarget: http://127.0.0.1:9/\nrate: 10\nduration: 1s\nheaders:\n  X: \"a; Y: b\"\n  Cookie: a=1; b=2\n")
	press(m, "enter", "y")
	want := map[string]string{"X": "a; Y: b", "Cookie": "a=1; b=2"}
	if sent := m.conductor.(*tuitest.Conductor).Sent; !reflect.DeepEqual(sent.Headers, want) {
		t.Errorf("headers that were not edited are sent as %v, want %v", sent.Headers, want)
	}
}

// The path of a spec file is completed; for an empty path the recent files are offered first.
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
