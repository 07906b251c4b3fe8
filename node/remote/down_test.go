//go:build unix

package remote

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/node/remote/hosts"
)

// The stored state says on which hosts drivers were started; other hosts are not contacted.
func TestOnlyTouchedHostsAreTakenDown(t *testing.T) {
	w := newWorld(t)
	f := w.fleet("touched", "untouched")
	f.Remember([]hosts.State{{Host: "touched", Touched: true}, {Host: "untouched"}})
	if err := f.Down(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	for i, detail := range []string{"", "nothing was started there"} {
		if s := f.States()[i]; s.Phase != hosts.Down || s.Detail != detail || s.Touched {
			t.Errorf("%+v, want down, %q", s, detail)
		}
	}
	if calls, err := os.ReadFile(filepath.Join(w.dir, "calls")); err != nil || strings.Contains(string(calls), "untouched") {
		t.Errorf("%s, %v", calls, err)
	}
}

// An unreachable host may have drivers left, and the error says so; retrying ends when the time for connecting is over.
func TestUnreachableHostMayHaveDriversLeft(t *testing.T) {
	w := newWorld(t)
	w.write("away.wrong", "ssh: connect to host away port 22: Connection refused")
	f := w.fleet("away")
	f.c.SSH.Connect = 1
	err := f.Down(t.Context(), false)
	if err == nil || !strings.Contains(err.Error(), "host away: drivers may be left") || !strings.Contains(err.Error(), "Connection refused") || f.States()[0].Phase != hosts.Unreachable {
		t.Errorf("%v, %+v", err, f.States())
	}
}

// Purging removes the cached binary even if no driver was started.
func TestPurge(t *testing.T) {
	w := newWorld(t)
	w.write("landfall", strings.Replace(fakeBinary, `*\"do\":\"end\"*)`, `*\"do\":\"end\"*\"purge\":true*) rm -rf $folder $0; echo '{"schema":1,"done":true}'; exit ;;
*\"do\":\"end\"*)`, 1))
	down := bring(t, w.fleet("h"))
	if up, down := down(); up != nil || down != nil {
		t.Fatal(up, down)
	}
	if _, err := os.Stat(w.binary("h")); err != nil {
		t.Fatalf("the cached binary is gone: %v", err)
	}
	f := w.fleet("h")
	f.Remember([]hosts.State{{Host: "h"}})
	if err := f.Down(t.Context(), true); err != nil || f.States()[0].Phase != hosts.Down {
		t.Errorf("%v, %+v", err, f.States())
	}
	if _, err := os.Stat(w.binary("h")); err == nil {
		t.Error("the cached binary is left")
	}
}
