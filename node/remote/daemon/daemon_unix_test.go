//go:build unix

package daemon

import (
	"os"
	"testing"
)

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
	h.file.Close() // as if the process were killed
	if pid, _, left, err := Look(dir, "a"); pid != 0 || left || err != nil {
		t.Errorf("killed: pid %d, left %v, %v", pid, left, err)
	}
}
