//go:build unix

package remote

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/node/remote/hosts"
)

func TestLook(t *testing.T) {
	w := newWorld(t)
	w.write("away.wrong", "ssh: connect to host away port 22: Connection refused")
	down := bring(t, w.fleet("up"))
	w.write("other/.cache/landfall/fleets/"+w.fleet("other").folder(hosts.Host{Name: "other"})+"/x.pid", "1")
	f := w.fleet("up", "empty", "other", "away")
	if err := f.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		phase  hosts.Phase
		detail string
	}{{hosts.Up, ""}, {hosts.Down, ""}, {hosts.Failed, "another version"}, {hosts.Unreachable, "Connection refused"}} {
		if s := f.States()[i]; s.Phase != want.phase || !strings.Contains(s.Detail, want.detail) || (len(s.Drivers) == 1) != (want.phase == hosts.Up) {
			t.Errorf("%s: %+v, want %s %q", s.Host, s, want.phase, want.detail)
		}
	}
	if up, down := down(); up != nil || down != nil {
		t.Error(up, down)
	}
}

func TestLogs(t *testing.T) {
	w := newWorld(t)
	w.write("landfall", strings.Replace(fakeBinary, "esac", `*\"do\":\"follow\"*) echo "$order" >$HOME/order; echo '{"schema":1,"line":{"driver":"a","text":"one\u001b[2J"}}'; echo '{"schema":1,"done":true}' ;;
esac`, 1))
	down := bring(t, w.fleet("h"))
	var lines []string
	tell := func(driver, text string) { lines = append(lines, driver+": "+text) }
	if err := w.fleet("h").Logs(t.Context(), "h", "a", 7, false, tell); err != nil || len(lines) != 1 || !strings.HasPrefix(lines[0], "a: one") || strings.Contains(lines[0], "\x1b") {
		t.Errorf("%q, %v", lines, err)
	}
	if order, err := os.ReadFile(filepath.Join(w.dir, "h/order")); err != nil || !strings.Contains(string(order), `"driver":"a"`) || !strings.Contains(string(order), `"lines":7`) {
		t.Errorf("%s, %v", order, err)
	}
	if err := w.fleet("h", "none").Logs(t.Context(), "none", "", 7, false, tell); err == nil || !strings.Contains(err.Error(), "host none: no driver") {
		t.Errorf("a host without drivers: %v", err)
	}
	if err := w.fleet("h").Logs(t.Context(), "x", "", 7, false, tell); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("an unknown host: %v", err)
	}
	if up, down := down(); up != nil || down != nil {
		t.Error(up, down)
	}
}
