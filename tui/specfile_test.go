package tui

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
)

// A spec file is loaded into the form, as the kind that it is of, and what the form has no field for is kept.
func TestLoadAndWriteSpec(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "in.yaml"), filepath.Join(dir, "out.yaml")
	if err := os.WriteFile(from, []byte(specText), 0o600); err != nil {
		t.Fatal(err)
	}
	m := inState(t, "idle", 120, 40)
	press(m, "T", "ctrl+o", from, "enter")
	f, is := m.top().(*composing)
	if !is || f.Kind != loadgen.Avalanche || f.Value("target") != "http://127.0.0.1:9/x" || f.Value("connections") != "7" || f.Value("options") != "burst" {
		t.Fatalf("the form is not of the file:\n%s", m.View())
	}
	press(m, "enter", "w")
	if p, is := m.top().(*prompt); !is {
		t.Fatalf("no file is asked for, but %T", p)
	}
	press(m, "ctrl+u", to, "enter")
	data, err := os.ReadFile(to)
	if err != nil {
		t.Fatalf("%v\n%s", err, m.View())
	}
	got, err := specfile.Parse(to, data)
	if err != nil {
		t.Fatal(err)
	}
	want, err := specfile.Parse(from, []byte(specText))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.WithDefaults(), want.WithDefaults()) {
		t.Errorf("written:\n%s\nwant\n%s", data, specText)
	}
	press(m, "enter", "w", "ctrl+u", to, "enter")
	if !strings.Contains(m.notice.text, "exists") {
		t.Errorf("a file that is there is not replaced, and that is said: %q", m.notice.text)
	}
}

func TestLoadWhatIsNoSpec(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.yaml")
	if err := os.WriteFile(path, []byte("target: [1]\nspeed: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + ".none"} {
		m := inState(t, "idle", 120, 40)
		press(m, "T", "ctrl+o", name, "enter")
		if _, is := m.top().(*composing); !is || !m.notice.bad || !strings.Contains(m.notice.text, "in.yaml") {
			t.Errorf("%s: %q", name, m.notice.text)
		}
	}
}
