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

func TestOneProcessHoldsAName(t *testing.T) {
	dir := t.TempDir()
	h, err := Hold(dir, "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Hold(dir, "a"); err == nil {
		t.Error("held twice")
	}
	h.Release()
	if h, err = Hold(dir, "a"); err != nil {
		t.Fatal(err)
	}
	h.Release()
}

func TestLook(t *testing.T) {
	dir := t.TempDir()
	if _, _, left, err := Look(dir, "a"); !left || err != nil {
		t.Errorf("no process: left %v, %v", left, err)
	}
	h, err := Hold(dir, "a")
	if err != nil {
		t.Fatal(err)
	}
	if pid, joined, left, err := Look(dir, "a"); pid != os.Getpid() || joined || left || err != nil {
		t.Errorf("held: pid %d, joined %v, left %v, %v", pid, joined, left, err)
	}
	h.file.Close() // as if it were killed
	if pid, _, left, err := Look(dir, "a"); pid != 0 || left || err != nil {
		t.Errorf("killed: pid %d, left %v, %v", pid, left, err)
	}
}
