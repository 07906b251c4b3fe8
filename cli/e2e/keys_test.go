//go:build e2e && unix

package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/sign"
)

// keyring creates a fleet's keys with `landfall key`, in a folder of its own.
type keyring struct {
	t   testing.TB
	dir string
}

func newKeyring(t testing.TB) *keyring {
	k := &keyring{t: t, dir: t.TempDir()}
	k.key("new", k.path("root.key"))
	return k
}

func (k *keyring) path(name string) string { return filepath.Join(k.dir, name) }

func (k *keyring) key(args ...string) {
	k.t.Helper()
	p := start(k.t, append([]string{"key"}, args...)...)
	if code := p.exit(10 * time.Second); code != 0 {
		k.t.Fatalf("key %s: exit %d: %s", strings.Join(args, " "), code, p.stderr.String())
	}
}

// change runs `landfall key trust` or `revoke` with the ring and its root key.
func (k *keyring) change(args ...string) {
	k.t.Helper()
	k.key(append(args, "--ring", k.path("fleet.keys"), "--root", k.path("root.key"))...)
}

func (k *keyring) trust(name, role string, limits ...string) {
	k.t.Helper()
	k.key("new", k.path(name+".key"))
	k.change(append([]string{"trust", name, k.path(name + ".key"), "--role", role}, limits...)...)
}

// flags returns the flags of a process with a member's key.
func (k *keyring) flags(name string) []string {
	return []string{"--fleet-keys", k.path("fleet.keys"), "--sign-key", k.path(name + ".key")}
}

// Drivers execute only what an operator's key signed, the topics contain no secrets, and revoking the key
// stops its run.
func TestFleetWithKeys(t *testing.T) {
	t.Parallel()
	k := newKeyring(t)
	k.trust("ann", "operator", "--max-rate", "500", "--target", "127.0.0.0/8")
	k.trust("vic", "viewer")
	f := newFleet(t, 0)
	for _, name := range []string{"d1", "d2"} {
		k.trust(name, "driver")
		f.driver(name, k.flags(name)...)
	}
	f.joined()
	as := func(name string, args ...string) []string { return append(k.flags(name), args...) }

	code, r := f.pass(30*time.Second, as("ann", "-q", "200", "-z", "2s", "-H", "Authorization: Bearer s3cret-of-ann", "--drivers", "2", f.url)...)
	if code != 0 {
		t.Errorf("ann's run: exit %d, %s %v", code, r.Outcome, r.Reasons)
	}
	exact(t, r, f.counted())
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-q", "10", "-z", "1s", "--drivers", "d1", f.url}, "--fleet-keys FILE and --sign-key FILE"},
		{as("vic", "-q", "10", "-z", "1s", f.url), "an operator's"},
		{as("ann", "-q", "501", "-z", "1s", f.url), "the key of ann allows 500"},
		{as("ann", "-q", "10", "-z", "1s", "http://192.0.2.1/"), "the key of ann allows 127.0.0.0/8"},
	} {
		p := f.run(c.args...)
		if code := p.exit(30 * time.Second); code == 0 || !strings.Contains(p.stderr.String(), c.want) {
			t.Errorf("%q: exit %d, want %q:\n%s", c.args, code, c.want, p.stderr.String())
		}
	}
	if n := f.quiet(); n != 400 {
		t.Errorf("the target counted %d requests, want 400: an unauthorized command was executed", n)
	}

	long := f.run(as("ann", "-q", "50", "-z", "60s", f.url)...)
	f.busy(420)
	k.change("revoke", "ann")
	f.drivers[0].says("ann has no valid key", 20*time.Second)
	if n := f.quiet(); n > 400+50*20 {
		t.Errorf("the target counted %d requests after ann's key was revoked", n)
	}
	long.signal(syscall.SIGINT)
	long.exit(60 * time.Second)
	f.broker.signal(syscall.SIGTERM)
	f.broker.exit(10 * time.Second)
	kept := 0
	filepath.WalkDir(f.data, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		kept += len(content)
		if bytes.Contains(content, []byte("s3cret-of-ann")) {
			t.Errorf("%s holds a secret of a spec", path)
		}
		return nil
	})
	if kept == 0 {
		t.Error("no file of the broker was read")
	}
}

// A forged kill, correct except for its missing signature, does not stop a driver.
func TestForgedRecordsAreRefused(t *testing.T) {
	t.Parallel()
	k := newKeyring(t)
	k.trust("ann", "operator")
	k.trust("d1", "driver")
	f := newFleet(t, 0)
	d := f.driver("d1", k.flags("d1")...)
	f.joined()
	bus := f.openBus()
	boot := make(chan string, 1)
	go sign.Plain(bus).Tail(t.Context(), node.TopicHeartbeat, node.From{}, node.Reader{Record: func(r node.Record) {
		if m, err := node.Decode(r); err == nil {
			select {
			case boot <- m.(*node.Heartbeat).BootID:
			default:
			}
		}
	}})
	kill := &node.Trigger{ID: "k1", Action: node.Kill, NodeID: "d1", BootID: <-boot, By: "ann"}
	if _, err := node.Post(t.Context(), bus, kill); err != nil {
		t.Fatal(err)
	}
	d.says("not signed", 10*time.Second)
	if code, r := f.pass(30*time.Second, append(k.flags("ann"), "-n", "50", "-c", "1", f.url)...); code != 0 || r.Requests != 50 {
		t.Errorf("after a forged kill: exit %d, %d requests, want 0 and 50", code, r.Requests)
	}
}
