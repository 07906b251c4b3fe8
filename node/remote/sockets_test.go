//go:build unix

package remote

import (
	"os"
	"path/filepath"
	"testing"
)

// A killed process cannot remove its folder. The next process does, and keeps those of running processes.
func TestFoldersOfKilledProcessesAreRemoved(t *testing.T) {
	parent := t.TempDir()
	living, remove, err := makeSockets(parent)
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	dead, other := filepath.Join(parent, socketsPrefix+"dead"), filepath.Join(parent, "another-dead")
	for _, dir := range []string{dead, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{socketsLock, "1234"} {
			if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	sweep(parent)
	for dir, want := range map[string]bool{living: true, other: true, dead: false} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", dir, err == nil, want)
		}
	}
	remove()
	if _, err := os.Stat(living); err == nil {
		t.Error("it is still there after it was removed")
	}
}
