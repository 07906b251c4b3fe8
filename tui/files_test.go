package tui

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
	"landfall/node/report"
	"landfall/node/report/render"
)

const specText = `kind: avalanche
target: http://127.0.0.1:9/x
method: PUT
body: hello
connections: 7
duration: 3s
burst: true
tls:
  server_name: kept.example
`

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

// What is exported is what a report writes anywhere else.
func TestExport(t *testing.T) {
	t.Chdir(t.TempDir())
	m := inState(t, "report", 120, 40)
	r := m.top().(*textPage).past.Report
	for key, test := range map[string]struct {
		ending string
		write  func(*bytes.Buffer) error
	}{
		"t": {".txt", func(b *bytes.Buffer) error { render.Text(b, r, false); return nil }},
		"c": {".csv", func(b *bytes.Buffer) error { return render.CSV(b, r) }},
		"j": {".json", nil},
	} {
		press(m, "e", key)
		got, err := os.ReadFile("landfall-tsunami-7" + test.ending)
		if err != nil {
			t.Errorf("%v; %s", err, m.notice.text)
			continue
		}
		if test.write == nil {
			again, err := report.Parse(got)
			if err != nil || again.Requests != r.Requests || again.TestID != r.TestID {
				t.Errorf("JSON: %v", err)
			}
			continue
		}
		var want bytes.Buffer
		if err := test.write(&want); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s:\n%.300s\nwant\n%.300s", test.ending, got, want.Bytes())
		}
	}
}

// An export replaces no file and follows no symbolic link in its place.
func TestExportReplacesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("precious", []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("precious", "landfall-tsunami-7.txt"); err != nil {
		t.Skip(err)
	}
	m := inState(t, "report", 120, 40)
	press(m, "e", "t")
	if got, _ := os.ReadFile("precious"); string(got) != "precious" {
		t.Errorf("it was replaced: %.60q", got)
	}
	if !strings.Contains(m.notice.text, "exists") {
		t.Errorf("nothing is said: %q", m.notice.text)
	}
	press(m, "e", "j")
	if info, err := os.Stat("landfall-tsunami-7.json"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}
