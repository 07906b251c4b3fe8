//go:build unix

package daemon

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestArguments(t *testing.T) {
	given := []string{"driver", "--detach", "--brokers", "a:1", "--detach=true"}
	got := Arguments(given, "x")
	if want := []string{"driver", "--brokers", "a:1", "--detached", "--name", "x"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if given[1] != "--detach" {
		t.Error("the given arguments were changed")
	}
}

func TestPidFileOfADeadProcessIsIgnored(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "old.pid")
	if err := os.WriteFile(path, []byte("1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Stop(context.Background(), dir, "", io.Discard); !errors.Is(err, ErrNone) {
		t.Errorf("error %v, want %v", err, ErrNone)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the stale pid file is still there")
	}
}
