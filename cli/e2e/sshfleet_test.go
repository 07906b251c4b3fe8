//go:build e2e && linux

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/node/remote/hosts"
)

// machines are hosts that `landfall fleet` reaches: an sshd each, on loopback, with keys and known_hosts of this test's own
// and a cache folder each. Processes that they start are found by that folder's name in their environment.
type machines struct {
	t    testing.TB
	dir  string // keys, configuration and caches
	tmp  string // temporary folder of `landfall fleet`, by which its processes are found
	data string // its data folder
}

// newMachines starts an sshd for every name. Root and plain users alike can, as long as they let in nobody but themselves.
func newMachines(t testing.TB, names ...string) *machines {
	t.Helper()
	server, err := exec.LookPath("/usr/sbin/sshd")
	if err != nil {
		t.Skip("needs sshd (openssh-server)")
	}
	if os.Getuid() == 0 {
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	tmp, err := os.MkdirTemp("/tmp", "lfe2e") // short, for sockets' paths
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	m := &machines{t: t, dir: t.TempDir(), tmp: tmp, data: t.TempDir()}
	t.Cleanup(m.killAll)
	for _, name := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", m.path(name)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v: %s", err, out)
		}
	}
	key, err := os.ReadFile(m.path("host.pub"))
	if err != nil {
		t.Fatal(err)
	}
	known, config := "", ""
	for _, name := range names {
		addr := freeAddr(t)
		_, port, _ := net.SplitHostPort(addr)
		m.startServer(server, name, addr, port)
		known += fmt.Sprintf("[127.0.0.1]:%s %s", port, key)
		config += m.alias(name, port)
	}
	write(t, m.path("known_hosts"), known)
	write(t, m.path("config"), config+m.common())
	return m
}

func (m *machines) path(name string) string { return filepath.Join(m.dir, name) }

func (m *machines) alias(name, port string) string {
	return fmt.Sprintf("Host %s\n  HostName 127.0.0.1\n  Port %s\n", name, port)
}

func (m *machines) common() string {
	return fmt.Sprintf("Host *\n  IdentityFile %s\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile %s\n  GlobalKnownHostsFile none\n", m.path("user"), m.path("known_hosts"))
}

func (m *machines) startServer(server, name, addr, port string) {
	m.t.Helper()
	write(m.t, m.path("sshd-"+name), fmt.Sprintf(`Port %s
ListenAddress 127.0.0.1
HostKey %s
AuthorizedKeysFile %s
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
SetEnv XDG_CACHE_HOME=%s
`, port, m.path("host"), m.path("user.pub"), m.cache(name)))
	startCommand(m.t, exec.Command(server, "-D", "-e", "-f", m.path("sshd-"+name)))
	eventually(m.t, 30*time.Second, "sshd listens", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// cache is the cache folder of a machine.
func (m *machines) cache(name string) string { return m.path("cache-" + name) }

// fleet starts `landfall fleet …`.
func (m *machines) fleet(args ...string) *process {
	m.t.Helper()
	cmd := exec.Command(binary, append([]string{"fleet", args[0], "--data", m.data}, args[1:]...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+m.tmp)
	return startCommand(m.t, cmd)
}

// up starts `landfall fleet up` on hosts over the tunnel to a broker.
func (m *machines) up(f *fleet, args ...string) *process {
	m.t.Helper()
	return m.fleet(append([]string{"up", "--brokers", f.brokers, "--tunnel", "--ssh-config", m.path("config"), "--ssh-timeout", "5s"}, args...)...)
}

// states are what `landfall fleet status` says.
func (m *machines) states() map[string]hosts.State {
	m.t.Helper()
	p := m.fleet("status", "--json")
	p.exit(60 * time.Second)
	var list []hosts.State
	if err := json.Unmarshal([]byte(p.stdout.String()), &list); err != nil {
		m.t.Fatalf("status: %v: %q; stderr:\n%s", err, p.stdout.String(), p.stderr.String())
	}
	states := map[string]hosts.State{}
	for _, s := range list {
		states[s.Host] = s
	}
	return states
}

// awaitState waits until a host is as it should be.
func (m *machines) awaitState(host, what string, is func(hosts.State) bool) (s hosts.State) {
	m.t.Helper()
	defer func() {
		if m.t.Failed() {
			m.t.Logf("%s: %+v", host, s)
		}
	}()
	eventually(m.t, 60*time.Second, host+" "+what, func() bool {
		s = m.states()[host]
		return is(s)
	})
	return s
}

// running are the living processes with a value in their environment, as pid and command line.
func running(value string) map[int]string {
	found := map[int]string{}
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		environ, err := os.ReadFile(dir + "/environ")
		if err != nil || !bytes.Contains(append([]byte{0}, environ...), []byte("\x00"+value+"\x00")) {
			continue
		}
		cmdline, _ := os.ReadFile(dir + "/cmdline")
		pid, _ := strconv.Atoi(filepath.Base(dir))
		found[pid] = string(bytes.ReplaceAll(cmdline, []byte{0}, []byte{' '}))
	}
	return found
}

// on are the processes that run on a machine.
func (m *machines) on(name string) map[int]string {
	return running("XDG_CACHE_HOME=" + m.cache(name))
}

// local are the processes of `landfall fleet` here.
func (m *machines) local() map[int]string { return running("TMPDIR=" + m.tmp) }

func (m *machines) killAll() {
	for pid := range m.local() {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	caches, _ := filepath.Glob(m.cache("*"))
	for _, c := range caches {
		for pid := range running("XDG_CACHE_HOME=" + c) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// nothingRuns checks that neither here nor on the machines a process is left, nor a socket.
func (m *machines) nothingRuns(names ...string) {
	m.t.Helper()
	eventually(m.t, 10*time.Second, "nothing is left running", func() bool {
		left := len(m.local())
		for _, n := range names {
			left += len(m.on(n))
		}
		files, _ := os.ReadDir(m.tmp)
		return left+len(files) == 0
	})
}

// files are all files below a machine's cache.
func (m *machines) files(name string) (found []string) {
	filepath.WalkDir(m.cache(name), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, strings.TrimPrefix(path, m.cache(name)+"/"))
		}
		return nil
	})
	return found
}

// onlyBinary checks that a machine's cache holds one binary and nothing else.
func (m *machines) onlyBinary(name string) {
	m.t.Helper()
	found := m.files(name)
	if len(found) != 1 || !strings.HasPrefix(found[0], "landfall/bin/") || !strings.HasSuffix(found[0], "/landfall") {
		m.t.Errorf("%s: left %q, want the binary alone", name, found)
	}
}

// connected tells whether a process has a TCP connection to an address of IPv4 loopback.
func connected(pid int, addr string) bool {
	_, port, _ := net.SplitHostPort(addr)
	n, _ := strconv.Atoi(port)
	table, _ := os.ReadFile("/proc/net/tcp")
	sockets := map[string]bool{}
	for line := range strings.Lines(string(table)) {
		if f := strings.Fields(line); len(f) > 9 && strings.HasSuffix(f[2], fmt.Sprintf(":%04X", n)) {
			sockets["socket:["+f[9]+"]"] = true
		}
	}
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	return slices.ContainsFunc(fds, func(fd string) bool {
		to, _ := os.Readlink(fd)
		return sockets[to]
	})
}

func isUp(s hosts.State) bool { return s.Phase == hosts.Up && s.Running() == s.Wanted }

// TestFleetOverSSH: three hosts come up though one more refuses and one hangs; runs over the tunnel are exact, also when a
// connection breaks; a driver that is killed is started again; down leaves the cached binary alone, --purge nothing.
func TestFleetOverSSH(t *testing.T) {
	t.Parallel()
	names := []string{"alpha", "beta", "gamma"}
	m := newMachines(t, names...)
	hung, err := net.Listen("tcp", "127.0.0.1:0") // says nothing
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
		t.Error("the same fleet was brought up twice")
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
	m.driverIsSentAway("beta")

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

// connectionBreaks kills the connection to a host in the middle of a run: its driver goes on, and nothing is miscounted.
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
	if _, lost := event(r, "lost", host); !lost { // as it is on a machine that connects again within 5 s
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
		t.Errorf("driver %d became %d: it should have gone on", before.Drivers[0].PID, s.Drivers[0].PID)
	}
}

// driverDies kills a driver: it is started again, joins, and carries load.
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
	counted := f.quiet() // a driver that was cut off for so long that it was lost may still carry what it had
	code, r := f.pass(60*time.Second, "--drivers", victim.Name, "-n", "200", f.url)
	if after := f.counted().Requests; code != 0 || r.Requests != 200 || after != counted+200 {
		t.Errorf("exit %d, %d requests, the target counted %d, want 0, 200 and 200", code, r.Requests, after-counted)
	}
}

// driverIsSentAway ends a driver in order: it is not started again.
func (m *machines) driverIsSentAway(host string) {
	m.t.Helper()
	before := m.states()[host]
	if err := syscall.Kill(before.Drivers[0].PID, syscall.SIGTERM); err != nil {
		m.t.Fatal(err)
	}
	s := m.awaitState(host, "says that a driver was sent away", func(s hosts.State) bool { return s.Drivers[0].Left })
	if s.Phase != hosts.Up || s.Running() != 1 || s.Restarts() != before.Restarts() {
		m.t.Errorf("%+v", s)
	}
}

// TestFleetInForeground: Ctrl-C ends the drivers. Killed with -9, the drivers go on, and another up takes them over: those
// whose flags are others are replaced.
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
	eventually(t, 20*time.Second, "the driver is alone", func() bool { return len(m.on("alpha")) == 1 })
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
	if err := syscall.Kill(m.states()["alpha"].Drivers[0].PID, syscall.SIGSTOP); err != nil { // it will not drain
		t.Fatal(err)
	}
	if d := m.fleet("down"); d.exit(60*time.Second) != 0 || p.exit(10*time.Second) != 0 {
		t.Errorf("down: %s", d.stderr.String())
	}
	sockets, _ := filepath.Glob(m.tmp + "/lf-*") // of those that were killed
	for _, dir := range sockets {
		os.RemoveAll(dir)
	}
	m.nothingRuns("alpha")
	m.onlyBinary("alpha")
}

// TestFleetTrustsNoStranger: a host key that is not the known one, and one that nobody knows; wrong flags exit with 104.
func TestFleetTrustsNoStranger(t *testing.T) {
	t.Parallel()
	m := newMachines(t, "alpha")
	f := newFleet(t, 0)
	other, _ := os.ReadFile(m.path("user.pub"))
	known, _ := os.ReadFile(m.path("known_hosts"))
	address, _, _ := strings.Cut(string(known), " ")
	for text, want := range map[string]string{address + " " + string(other): "its host key is not the one in known_hosts", "": "its host key is not known"} {
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
		"--tunnel leads":              {"up", "alpha", "--brokers", f.brokers},
		"--per-host 99: must be":      {"up", "alpha", "--per-host", "99"},
		"port 70000: must be between": {"up", "alpha:70000"},
		"no such file":                {"up", "--hosts", m.path("none.yaml")},
		`flags "--name=x": must be`:   {"up", "alpha", "--driver-flag=--name=x"},
		"--kafka-user: needs":         {"up", "alpha", "--brokers", "k:1", "--kafka-user", "x"},
		`--fleet "a/b": must be`:      {"status", "--fleet", "a/b"},
		"--lines -1: must be":         {"logs", "alpha", "--lines", "-1"},
	} {
		p := m.fleet(args...)
		if code := p.exit(60 * time.Second); code != 104 || !strings.Contains(p.stderr.String(), want) {
			t.Errorf("%q: exit %d, want 104 and %q; stderr:\n%s", args, code, want, p.stderr.String())
		}
	}
}
