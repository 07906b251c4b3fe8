//go:build unix

package remote

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"landfall/node/remote/hosts"
)

// A binary that was cut short is never used, and is removed.
func TestBinaryCutShortIsNeverInstalled(t *testing.T) {
	w := newWorld(t)
	l, err := dial(t.Context(), SSH{Command: filepath.Join(w.dir, "ssh")}, hosts.Host{Address: "h"}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	at := w.binary("h")
	b := Binary{Path: filepath.Join(w.dir, "landfall"), Sum: filepath.Base(filepath.Dir(at)), Size: int64(len(fakeBinary)) + 1}
	if err := copyTo(t.Context(), l, b, place{binary: at}, func(int) {}); err == nil {
		t.Error("no error")
	}
	if files, _ := os.ReadDir(filepath.Dir(at)); len(files) > 0 {
		t.Errorf("left: %v", files)
	}
}

// On a system without a checksum tool, the binary computes its own checksum.
func TestChecksumWithoutTools(t *testing.T) {
	w := newWorld(t)
	w.write("landfall", "#!/bin/sh\nif [ \"$3\" = --sum ]; then cat $HOME/sum; exit; fi\n"+strings.TrimPrefix(fakeBinary, "#!/bin/sh\n"))
	w.write("h/sum", filepath.Base(filepath.Dir(w.binary("h")))+"\n")
	w.write("h.only/none", "")
	for _, tool := range []string{"sh", "uname", "cat", "mkdir", "mv", "rm", "wc", "chmod"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(w.dir, "h.only", tool)); err != nil {
			t.Fatal(err)
		}
	}
	down := bring(t, w.fleet("h"))
	if up, down := down(); up != nil || down != nil {
		t.Fatal(up, down)
	}
}
