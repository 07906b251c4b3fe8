//go:build unix

package remote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/node/remote/hosts"
)

func TestUpAndDown(t *testing.T) {
	w := newWorld(t)
	names := []string{}
	for i := range 2*atOnce + 3 {
		names = append(names, fmt.Sprint("h", i))
	}
	f := w.fleet(names...)
	down := bring(t, f)
	if up, down := down(); up != nil || down != nil {
		t.Fatal(up, down)
	}
	await(t, f, hosts.Down)
	for _, n := range names {
		if left, _ := filepath.Glob(filepath.Join(w.dir, n, ".cache/landfall/fleets/*")); len(left) > 0 {
			t.Errorf("left: %q", left)
		}
		if _, err := os.Stat(w.binary(n)); err != nil {
			t.Errorf("the cached binary is gone: %v", err)
		}
	}
}

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

func TestHostsThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		says  string
		phase hosts.Phase
		want  string
	}{
		"refuses":      {"ssh: connect to host x port 22: Connection refused", hosts.Unreachable, "Connection refused; again in 1s"},
		"keys":         {"Permission denied (publickey).", hosts.Failed, "authentication failed: Permission denied (publickey)."},
		"unknown":      {"No ED25519 host key is known for x.\nHost key verification failed.", hosts.Failed, "its host key is not known"},
		"another":      {"@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.", hosts.Failed, "its host key differs from known_hosts"},
		"configured":   {"x: Bad configuration option: y", hosts.Failed, "ssh's configuration is wrong: x: Bad configuration option: y"},
		"escapes":      {"\x1b[2Jssh: \x07boom", hosts.Unreachable, "boom"},
		"says nothing": {"", hosts.Unreachable, "ssh exited without a message"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.write("bad.wrong", c.says)
			f := w.fleet("bad", "good")
			up := make(chan error, 1)
			go func() { up <- f.Up(t.Context()) }()
			changed, cancel := f.Subscribe()
			defer cancel()
			limit := time.After(30 * time.Second)
			for {
				s := f.States()
				if s[0].Phase == c.phase && strings.Contains(s[0].Detail, c.want) && !strings.ContainsAny(s[0].Detail, "\x1b\x07") && s[1].Phase == hosts.Up {
					break
				}
				select {
				case <-changed:
				case <-limit:
					t.Fatalf("%+v", s)
				}
			}
			if err := f.Down(t.Context(), false); err != nil { // nothing was started on it
				t.Error(err)
			}
			if err := <-up; err != nil {
				t.Error(err)
			}
		})
	}
}

// More hanging hosts than are set up at a time delay the others only by the time limit of connecting.
func TestManyHostsThatHang(t *testing.T) {
	w := newWorld(t)
	names := []string{}
	for i := range atOnce + 1 {
		names = append(names, fmt.Sprint("h", i))
		w.write(names[i]+".hangs", "")
	}
	f := w.fleet(append(names, "good")...)
	f.c.SSH.Connect = time.Second
	up := make(chan error, 1)
	go func() { up <- f.Up(t.Context()) }()
	changed, cancel := f.Subscribe()
	defer cancel()
	for limit := time.After(30 * time.Second); f.States()[len(names)].Phase != hosts.Up; {
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("%+v", f.States())
		}
	}
	began := time.Now()
	if err := f.Down(t.Context(), false); err != nil {
		t.Error(err)
	}
	if err := <-up; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("down took %v", took)
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

// Ending the supervision leaves the drivers running.
func TestContextLeavesDriversRunning(t *testing.T) {
	w := newWorld(t)
	f := w.fleet("h")
	ctx, cancel := context.WithCancel(t.Context())
	up := make(chan error, 1)
	go func() { up <- f.Up(ctx) }()
	await(t, f, hosts.Up)
	cancel()
	if err := <-up; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	again := w.fleet("h")
	if err := again.Look(t.Context()); err != nil || again.States()[0].Phase != hosts.Up {
		t.Errorf("%v, %+v", err, again.States())
	}
	if err := again.Down(t.Context(), false); err != nil {
		t.Error(err)
	}
	await(t, again, hosts.Down)
}

// A host that refuses forwarding is left as it was, except for the binary; its existing drivers can still be
// stopped.
func TestHostThatRefusesForwarding(t *testing.T) {
	w := newWorld(t)
	w.write("h.forwards-nothing", "")
	f := w.fleet("h")
	f.c.Tunnel = []string{"127.0.0.1:9092"}
	if err := f.Up(t.Context()); err == nil || !strings.Contains(f.States()[0].Detail, "AllowStreamLocalForwarding") {
		t.Errorf("%v, %+v", err, f.States())
	}
	fleets := filepath.Join(w.dir, "h/.cache/landfall/fleets")
	if _, err := os.Stat(fleets); err == nil {
		t.Error("a folder is left")
	}
	if err := os.MkdirAll(filepath.Join(fleets, f.folder(f.c.Hosts[0])), 0o700); err != nil {
		t.Fatal(err)
	}
	again := w.fleet("h")
	again.c.Tunnel = f.c.Tunnel
	if err := again.Down(t.Context(), false); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(fleets); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// The arguments of ssh weaken none of its checks, and a host's name cannot become an option.
func TestArgumentsOfSSH(t *testing.T) {
	w := newWorld(t)
	f := w.fleet("h")
	f.c.SSH.Config = "/dev/null"
	f.c.Tunnel = []string{"127.0.0.1:9092"}
	f.c.Files = []hosts.File{{Flag: "--kafka-password-file", Name: "file0", Data: []byte("s3cret")}}
	down := bring(t, f)
	if up, down := down(); up != nil || down != nil {
		t.Fatal(up, down)
	}
	data, err := os.ReadFile(filepath.Join(w.dir, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	calls := string(data)
	for _, bad := range []string{"StrictHostKeyChecking", "UserKnownHostsFile", "s3cret", "czNjcmV0"} {
		if strings.Contains(calls, bad) {
			t.Errorf("%s in:\n%s", bad, calls)
		}
	}
	for _, good := range []string{"-F /dev/null", "BatchMode=yes", "ConnectTimeout=10", "-- h exec", "/k0:127.0.0.1:9092 --"} {
		if !strings.Contains(calls, good) {
			t.Errorf("no %s in:\n%s", good, calls)
		}
	}
}

func TestWrongConfigurationsAreRefused(t *testing.T) {
	for name, c := range map[string]Config{
		"no host": {},
		"dash":    {Hosts: []hosts.Host{{Address: "-oProxyCommand=x"}}},
		"name":    {Name: "a/b", Hosts: []hosts.Host{{Address: "a"}}},
	} {
		if _, err := New(c); err == nil {
			t.Error(name)
		}
	}
}
