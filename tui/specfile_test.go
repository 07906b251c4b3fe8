package tui

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

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

// A file that cannot be loaded is named, and the form is not sent until a field is changed.
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
		press(m, "down", "enter")
		if f, is := m.top().(*composing); !is || !strings.Contains(f.Complaint(), "in.yaml") {
			t.Errorf("%s: enter opens %T", name, m.top())
		}
		contains(t, m, "Not ready", "change a field")
		press(m, "up", "x", "enter")
		if _, is := m.top().(*dialog); !is {
			t.Errorf("%s: a field was changed, but enter opens %T:\n%s", name, m.top(), m.View())
		}
	}
}

// While a file is being read, the form is not sent, so that keys that are typed ahead do not send another
// spec.
func TestEnterWhileAFileIsRead(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "ctrl+o", "spec.yaml")
	m.Update(tea.KeyMsg{Type: tea.KeyEnter}) // the result of the read has not been delivered yet
	press(m, "enter")
	if f, is := m.top().(*composing); !is || !strings.Contains(f.Complaint(), "spec.yaml is being read") {
		t.Errorf("enter opens %T", m.top())
	}
	press(m, "esc", "T", "enter")
	if _, is := m.top().(*dialog); !is {
		t.Errorf("in a new form enter opens %T", m.top())
	}
}

// Without a path nothing is loaded.
func TestLoadNothing(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "ctrl+o", "enter")
	if f, is := m.top().(*composing); !is || f.Err != nil || m.notice.text != "" {
		t.Errorf("%T %q", m.top(), m.notice.text)
	}
}
