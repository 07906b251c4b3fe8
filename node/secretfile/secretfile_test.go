package secretfile

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestExposed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("its files have no such modes")
	}
	path := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[os.FileMode]string{0o600: "", 0o400: "", 0o640: "", 0o644: "can read it", 0o666: "can write it"} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		err := Exposed(path)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path)) {
			t.Errorf("%o: %v, want %q", mode, err, want)
		}
	}
	var log bytes.Buffer
	Warn(slog.New(slog.NewTextHandler(&log, nil)), "", path+".none", path)
	if err := Exposed(path); (err != nil) != (log.Len() > 0) {
		t.Errorf("said %q of %v", &log, err)
	}
}
