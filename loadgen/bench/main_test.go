//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Invalid settings are reported before an output file is overwritten.
func TestInvalidSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.md")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range []settings{{rounds: 0, length: time.Second}, {rounds: 1, length: time.Millisecond}} {
		if err := run(s, path); err == nil || !strings.Contains(err.Error(), "-rounds and -length") {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "old" {
		t.Errorf("%q, %v", text, err)
	}
}
