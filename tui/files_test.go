package tui

import (
	"bytes"
	"os"
	"strings"
	"testing"

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

// An exported report equals one written by any other command.
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

// An export replaces no file and follows no symbolic link.
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
