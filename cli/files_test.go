package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"landfall/cli/exit"
	"landfall/node/report"
)

func TestUnreadableFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{dir: dir + ": is a directory", dir + "/x": dir + "/x: no such file or directory"} {
		var usage *exit.UsageError
		if _, err := readInput(name, 10); !errors.As(err, &usage) || err.Error() != want {
			t.Errorf("input: %v, want %s", err, want)
		}
		if _, err := readReport(name); err == nil || err.Error() != want {
			t.Errorf("report: %v, want %s", err, want)
		}
	}
}

// A baseline is replaced only after the new runs are written.
func TestBaselineIsNotLost(t *testing.T) {
	dir := t.TempDir()
	older, newer := &report.Report{TestID: "older"}, &report.Report{TestID: "newer"}
	if err := keep(dir, []*report.Report{older}, true); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "run-newer.json.part"), 0o700); err != nil { // writing fails
		t.Fatal(err)
	}
	if err := keep(dir, []*report.Report{newer}, true); err == nil {
		t.Error("a failed write is not reported")
	}
	if _, err := os.Stat(filepath.Join(dir, "run-older.json")); err != nil {
		t.Error(err)
	}
	if err := keep(dir, []*report.Report{newer}, true); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(names) != 1 || filepath.Base(names[0]) != "run-newer.json" {
		t.Error(names)
	}
}

// A file that cannot be written is found before the run, and no file changes or stays.
func TestWritable(t *testing.T) {
	dir := t.TempDir()
	kept := filepath.Join(dir, "kept")
	if err := os.WriteFile(kept, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"": true, kept: true, dir + "/new": true, dir: false, dir + "/no/folder": false, kept + "/x": false} {
		if err := writable(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	text, err := os.ReadFile(kept)
	names, _ := filepath.Glob(dir + "/*")
	if string(text) != "text" || err != nil || len(names) != 1 {
		t.Errorf("%q, %v, %q", text, err, names)
	}
}

func TestFailedWriteIsAnError(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full")
	}
	if err := writeFile("/dev/full", 0, func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err }); err == nil {
		t.Error("no error")
	}
}
