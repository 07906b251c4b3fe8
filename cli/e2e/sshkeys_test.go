//go:build e2e && linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// `fleet up` copies the ring and each driver's own key to its host; the fleet executes what an operator's key
// signed. A driver whose key is revoked is refused while the others continue, and one without its key is not
// selected.
func TestFleetOverSSHWithKeys(t *testing.T) {
	t.Parallel()
	m := newMachines(t, "alpha", "beta")
	k := newKeyring(t)
	k.trust("ann", "operator")
	f := newFleet(t, 0)
	p := m.up(f, "--detach", "--fleet-keys", k.path("fleet.keys"), "--root-key", k.path("root.key"), "alpha", "beta")
	if code := p.exit(120 * time.Second); code != 0 {
		t.Fatalf("fleet up: exit %d: %s", code, p.stderr.String())
	}
	var names []string
	for _, host := range []string{"alpha", "beta"} {
		s := m.awaitState(host, "is up", isUp)
		names = append(names, s.Drivers[0].Name)
	}
	m.ownKeysOnly(k, names)

	run := func(drivers string) (int, *process) {
		p := f.run(append(k.flags("ann"), "--drivers", drivers, "-q", "100", "-z", "2s", f.url)...)
		return p.exit(60 * time.Second), p
	}
	code, done := run("2")
	if code != 0 || done.report().Requests != 200 || len(done.report().Drivers) != 2 {
		t.Fatalf("a run of both: exit %d: %s", code, done.stderr.String())
	}
	if code, p := exitOf(f.run("--drivers", "2", "-q", "100", "-z", "2s", f.url)); code == 0 || !strings.Contains(p.stderr.String(), "--fleet-keys") {
		t.Errorf("a run without keys: exit %d: %s", code, p.stderr.String())
	}

	k.change("revoke", names[1])
	k.publish(f)
	code, done = run("1")
	if code != 0 || done.report().Requests != 200 || done.report().Drivers[0].NodeID != names[0] {
		t.Errorf("a run of the remaining driver: exit %d: %s", code, done.stderr.String())
	}
	if code, p := run(names[1]); code == 0 {
		t.Errorf("the revoked driver runs: %s", p.stdout.String())
	}
	if p := m.fleet("down", "--purge"); p.exit(90*time.Second) != 0 {
		t.Errorf("down: %s", p.stderr.String())
	}
	for _, host := range []string{"alpha", "beta"} {
		if left := m.files(host); len(left) > 0 {
			t.Errorf("%s: left %q", host, left)
		}
	}
}

func exitOf(p *process) (int, *process) { return p.exit(60 * time.Second), p }

// ownKeysOnly checks that a host has only its own driver's private key.
func (m *machines) ownKeysOnly(k *keyring, names []string) {
	m.t.Helper()
	for i, host := range []string{"alpha", "beta"} {
		var keys []string
		for _, file := range m.files(host) {
			content, err := os.ReadFile(filepath.Join(m.cache(host), file))
			if err == nil && strings.HasPrefix(string(content), "landfall-private-key-") {
				keys = append(keys, strings.TrimSpace(string(content)))
			}
		}
		own, err := os.ReadFile(k.path(names[i] + ".key"))
		if err != nil {
			m.t.Fatal(err)
		}
		if len(keys) != 1 || keys[0] != strings.TrimSpace(string(own)) {
			m.t.Errorf("%s has %d private keys, want that of %s alone", host, len(keys), names[i])
		}
	}
}

// publish publishes the ring over Kafka.
func (k *keyring) publish(f *fleet) {
	k.t.Helper()
	k.key("publish", "--fleet-keys", k.path("fleet.keys"), "--brokers", f.brokers)
}
