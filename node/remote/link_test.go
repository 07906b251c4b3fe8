//go:build unix

package remote

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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
