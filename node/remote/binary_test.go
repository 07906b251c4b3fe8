//go:build unix

package remote

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The binary is copied if it is missing or different.
func TestBinaryIsCopiedOnlyIfNeeded(t *testing.T) {
	w := newWorld(t)
	stamp := time.Unix(1, 0)
	for _, c := range []struct {
		name   string
		before func()
		copied bool
	}{
		{"none", func() {}, true},
		{"the same", func() {}, false},
		{"damaged", func() { w.write(strings.TrimPrefix(w.binary("h"), w.dir), "damaged") }, true},
		{"not executable", func() { os.Chmod(w.binary("h"), 0o600) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.before()
			os.Chtimes(w.binary("h"), stamp, stamp)
			down := bring(t, w.fleet("h"))
			if up, down := down(); up != nil || down != nil {
				t.Fatal(up, down)
			}
			info, err := os.Stat(w.binary("h"))
			if err != nil {
				t.Fatal(err)
			}
			if copied := !info.ModTime().Equal(stamp); copied != c.copied {
				t.Errorf("copied %v, want %v", copied, c.copied)
			}
			if sum, _ := Checksum(w.binary("h")); sum != filepath.Base(filepath.Dir(w.binary("h"))) {
				t.Error("it differs from the original")
			}
		})
	}
}

func TestForeignSystems(t *testing.T) {
	for uname, want := range map[string]string{"Linux x86_64": "linux/amd64", "Darwin arm64": "darwin/arm64", "Linux aarch64": "linux/arm64", "FreeBSD amd64\n": "freebsd/amd64"} {
		if goos, goarch, err := Target(uname); err != nil || goos+"/"+goarch != want {
			t.Errorf("%s: %s/%s, %v", uname, goos, goarch, err)
		}
	}
	for _, uname := range []string{"", "Linux", "MINGW64_NT x86_64", "Linux vax", "; rm x86_64"} {
		if _, _, err := Target(uname); err == nil {
			t.Errorf("%q is accepted", uname)
		}
	}
	w := newWorld(t)
	w.write("h.bin/uname", "#!/bin/sh\necho Linux s390x\n")
	f := w.fleet("h")
	if err := f.Up(t.Context()); err == nil || !strings.Contains(f.States()[0].Detail, "build landfall-linux-s390x (GOOS=linux GOARCH=s390x) and name its folder with --binaries") {
		t.Errorf("%v, %+v", err, f.States())
	}
	w.write("others/landfall-linux-s390x", fakeBinary)
	f = w.fleet("h")
	f.binaries.Dir = filepath.Join(w.dir, "others")
	down := bring(t, f)
	if up, down := down(); up != nil || down != nil {
		t.Error(up, down)
	}
}
