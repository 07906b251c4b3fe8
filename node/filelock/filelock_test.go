//go:build unix

package filelock

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestOneHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	first, second := open(), open()
	if Held(first) {
		t.Error("held before it was locked")
	}
	if err := Try(first); err != nil {
		t.Fatal(err)
	}
	if err := Try(second); !errors.Is(err, ErrHeld) || !Held(second) {
		t.Errorf("%v, held %v: want %v, true", err, Held(second), ErrHeld)
	}
	first.Close()
	if Held(second) || Try(second) != nil {
		t.Error("still held after the file was closed")
	}
}
