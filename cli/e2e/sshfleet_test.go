//go:build e2e && linux

package e2e

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/node/remote/hosts"
)

// Of five hosts, one refuses connections, one hangs, and three come up. Runs over the tunnel are exact, even if a connection
// breaks. A killed driver is restarted. down removes everything but the cached binary; --purge removes that, too.
func TestFleetOverSSH(t *testing.T) {
	t.Parallel()
	names := []string{"alpha", "beta", "gamma"}
	m := newMachines(t, names...)
	hung, err := net.Listen("tcp", "127.0.0.1:0") // accepts no connection
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hung.Close() })
	_, hangs, _ := net.SplitHostPort(hung.Addr().String())
	_, refuses, _ := net.SplitHostPort(freeAddr(t))
	config, _ := os.ReadFile(m.path("config"))
	write(t, m.path("config"), m.alias("hangs", hangs)+m.alias("refuses", refuses)+string(config))
	write(t, m.path("hosts.yaml"), "hosts:\n  - hangs\n  - refuses\n  - alpha\n  - name: beta\n    host: beta\n    drivers: 2\n    labels: {zone: b}\n")
	f := newFleet(t, 0)

	p := m.up(f, "--detach", "--hosts", m.path("hosts.yaml"), "gamma")
	if code := p.exit(120 * time.Second); code != 1 || !strings.Contains(p.stderr.String(), " of 5 hosts are not up") {
		t.Fatalf("exit %d, want 1 for the two", code)
	}
	for _, n := range names {
		m.awaitState(n, "is up", isUp)
	}
	for _, n := range []string{"hangs", "refuses"} {
		if s := m.states()[n]; s.Phase != hosts.Unreachable && s.Phase != hosts.Connecting {
			t.Errorf("%s: %+v", n, s)
		}
	}
	for _, n := range names {
		for _, d := range m.states()[n].Drivers {
			if connected(d.PID, f.brokers) {
				t.Errorf("%s is connected to the broker without the tunnel", d.Name)
			}
		}
	}
	if p := m.up(f, "alpha"); p.exit(20*time.Second) != 1 || !strings.Contains(p.stderr.String(), "is up already") {
		t.Error("the same fleet was started twice")
	}
	if p := m.fleet("logs", "alpha", "-n", "100"); p.exit(60*time.Second) != 0 || !strings.Contains(p.stdout.String(), "joined the fleet") {
		t.Errorf("logs: %q", p.stdout.String())
	}

	code, r := f.pass(60*time.Second, "--drivers", "fleet=default", "-q", "500", "-n", "1500", f.url)
	if code != 0 || r.Requests != 1500 || len(r.Drivers) != 4 {
		t.Errorf("exit %d, %d requests by %d drivers, want 0, 1500 and 4", code, r.Requests, len(r.Drivers))
	}
	exact(t, r, f.counted())

	m.connectionBreaks(f, "gamma")
	m.driverDies(f, "beta")
	m.driverIsTerminated("beta")

	if p := m.fleet("down"); p.exit(90*time.Second) != 0 {
		t.Errorf("down: %s", p.stderr.String())
	}
	m.nothingRuns(names...)
	for _, n := range names {
		m.onlyBinary(n)
	}
	if p := m.fleet("status"); p.exit(90*time.Second) != 1 {
		t.Error("status after down is not 1")
	}
	p = m.fleet("down", "--purge")
	if code := p.exit(90 * time.Second); code != 1 || !strings.Contains(p.stderr.String(), "host refuses: its cached binary may be left") {
		t.Errorf("purge: exit %d, want 1 for the two", code)
	}
	for _, n := range names {
		if left := m.files(n); len(left) > 0 {
			t.Errorf("%s: left %q", n, left)
		}
	}
	m.nothingRuns(names...)
}

// connectionBreaks kills the connection to a host during a run: its driver continues, and the counts stay
// right.
func (m *machines) connectionBreaks(f *fleet, host string) {
	t := m.t
	t.Helper()
	before, counted := m.states()[host], f.counted()
	run := f.run("--drivers", "fleet=default", "-q", "200", "-n", "1600", f.url)
	f.busy(counted.Requests + 100)
	cut := false
	for pid, command := range m.local() {
		if strings.Contains(command, " -M ") && strings.Contains(command, " -- "+host+" ") {
			cut = syscall.Kill(pid, syscall.SIGKILL) == nil
		}
	}
	if !cut {
		t.Fatal("no connection was found")
	}
	if code := run.exit(120 * time.Second); code != 0 {
		t.Errorf("exit %d", code)
	}
	r, after := run.report(), f.counted()
	after.Requests, after.Responses = after.Requests-counted.Requests, after.Responses-counted.Responses
	if _, lost := event(r, "lost", host); !lost { // unless the host reconnects within 5 s
		exact(t, r, after)
		if r.Requests != 1600 {
			t.Errorf("%d requests, want 1600", r.Requests)
		}
	}
	if after.Requests < r.Requests || after.Requests > r.Requests+r.Unknown {
		t.Errorf("report: %d requests and at most %d unknown; target: %d", r.Requests, r.Unknown, after.Requests)
	}
	s := m.awaitState(host, "is up again", isUp)
	if s.Drivers[0].PID != before.Drivers[0].PID || s.Restarts() != 0 {
		t.Errorf("driver %d became %d: it should have continued", before.Drivers[0].PID, s.Drivers[0].PID)
	}
}

// driverDies kills a driver: it is restarted, joins, and gets a share.
func (m *machines) driverDies(f *fleet, host string) {
	t := m.t
	t.Helper()
	before := m.states()[host]
	victim := before.Drivers[1]
	if err := syscall.Kill(victim.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s := m.awaitState(host, "has its driver again", func(s hosts.State) bool { return isUp(s) && s.Restarts() == 1 })
	if s.Drivers[1].PID == victim.PID || s.Drivers[0].PID != before.Drivers[0].PID {
		t.Errorf("drivers %+v became %+v", before.Drivers, s.Drivers)
	}
	counted := f.quiet() // a driver that was lost during the disconnection may still finish its share
	code, r := f.pass(60*time.Second, "--drivers", victim.Name, "-n", "200", f.url)
	if after := f.counted().Requests; code != 0 || r.Requests != 200 || after != counted+200 {
		t.Errorf("exit %d, %d requests, the target counted %d, want 0, 200 and 200", code, r.Requests, after-counted)
	}
}

// driverIsTerminated stops a driver with SIGTERM: it is not restarted.
func (m *machines) driverIsTerminated(host string) {
	m.t.Helper()
	before := m.states()[host]
	if err := syscall.Kill(before.Drivers[0].PID, syscall.SIGTERM); err != nil {
		m.t.Fatal(err)
	}
	s := m.awaitState(host, "reports that a driver has left", func(s hosts.State) bool { return s.Drivers[0].Left })
	if s.Phase != hosts.Up || s.Running() != 1 || s.Restarts() != before.Restarts() {
		m.t.Errorf("%+v", s)
	}
}

// Ctrl-C stops the drivers. If the command is killed with -9, the drivers continue, and the next up takes
// them over: it replaces those whose flags have changed.
func TestFleetInForeground(t *testing.T) {
	t.Parallel()
	m := newMachines(t, "alpha")
	f := newFleet(t, 0)
	p := m.up(f, "alpha")
	p.says("alpha (alpha): up, 1 of 1 drivers", 60*time.Second)
	p.signal(syscall.SIGINT)
	if code := p.exit(60 * time.Second); code != 0 {
		t.Errorf("exit %d", code)
	}
	m.nothingRuns("alpha")
	m.onlyBinary("alpha")

	p = m.up(f) // where they ran last
	p.says("alpha (alpha): up, 1 of 1 drivers", 60*time.Second)
	if strings.Contains(p.stderr.String(), "copying") {
		t.Error("the binary was copied again")
	}
	pid := m.states()["alpha"].Drivers[0].PID
	p.kill()
	eventually(t, 20*time.Second, "only the driver is left", func() bool { return len(m.on("alpha")) == 1 })
	if s := m.states()["alpha"]; s.Drivers[0].PID != pid {
		t.Errorf("driver %d became %+v", pid, s.Drivers)
	}
	p = m.up(f)
	p.says("alpha (alpha): up, 1 of 1 drivers", 60*time.Second)
	if s := m.states()["alpha"]; s.Drivers[0].PID != pid {
		t.Errorf("with the same flags driver %d became %+v", pid, s.Drivers)
	}
	p.kill()
	if p := m.up(f, "beta"); p.exit(20*time.Second) != 1 || !strings.Contains(p.stderr.String(), "drivers may be left on alpha") {
		t.Error("drivers were forgotten")
	}
	p = m.up(f, "alpha", "--driver-flag=--max-rate=7", "--grace", "2s")
	p.says("alpha (alpha): up, 1 of 1 drivers", 60*time.Second)
	if s := m.states()["alpha"]; s.Drivers[0].PID == pid || !strings.Contains(m.on("alpha")[s.Drivers[0].PID], "--max-rate=7") {
		t.Errorf("driver %d became %+v with other flags", pid, s.Drivers)
	}
	if err := syscall.Kill(m.states()["alpha"].Drivers[0].PID, syscall.SIGSTOP); err != nil { // it cannot drain
		t.Fatal(err)
	}
	if d := m.fleet("down"); d.exit(60*time.Second) != 0 || p.exit(10*time.Second) != 0 {
		t.Errorf("down: %s", d.stderr.String())
	}
	sockets, _ := filepath.Glob(m.tmp + "/lf-*") // of the killed processes
	for _, dir := range sockets {
		os.RemoveAll(dir)
	}
	m.nothingRuns("alpha")
	m.onlyBinary("alpha")
}

// Changed and unknown host keys are refused; wrong flags exit with 104.
func TestFleetRefusesHostKeysAndFlags(t *testing.T) {
	t.Parallel()
	m := newMachines(t, "alpha")
	f := newFleet(t, 0)
	other, _ := os.ReadFile(m.path("user.pub"))
	known, _ := os.ReadFile(m.path("known_hosts"))
	address, _, _ := strings.Cut(string(known), " ")
	for text, want := range map[string]string{address + " " + string(other): "its host key differs from known_hosts", "": "its host key is not known"} {
		write(t, m.path("known_hosts"), text)
		p := m.up(f, "alpha")
		if code := p.exit(60 * time.Second); code != 1 || !strings.Contains(p.stderr.String(), want) {
			t.Errorf("exit %d, want 1 and %q", code, want)
		}
		if left := m.files("alpha"); len(left) > 0 {
			t.Errorf("copied %q", left)
		}
	}
	for want, args := range map[string][]string{
		`host "-oProxyCommand=x": must be a host name`: {"up", "--brokers", f.brokers, "--tunnel", "--", "-oProxyCommand=x"},
		"with --tunnel the hosts' drivers":             {"up", "alpha", "--brokers", f.brokers},
		"--per-host 99: must be":                       {"up", "alpha", "--per-host", "99"},
		"port 70000: must be between":                  {"up", "alpha:70000"},
		"no such file":                                 {"up", "--hosts", m.path("none.yaml")},
		`flags "--name=x": must be`:                    {"up", "alpha", "--driver-flag=--name=x"},
		"--kafka-user: needs":                          {"up", "alpha", "--brokers", "k:1", "--kafka-user", "x"},
		`--fleet "a/b": must be`:                       {"status", "--fleet", "a/b"},
		"--lines -1: must be":                          {"logs", "alpha", "--lines", "-1"},
	} {
		p := m.fleet(args...)
		if code := p.exit(60 * time.Second); code != 104 || !strings.Contains(p.stderr.String(), want) {
			t.Errorf("%q: exit %d, want 104 and %q; stderr:\n%s", args, code, want, p.stderr.String())
		}
	}
}
