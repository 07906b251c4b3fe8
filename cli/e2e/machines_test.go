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

// machines are hosts for `landfall fleet`: one sshd each, on loopback, with keys and known_hosts of this test
// and a cache folder each. Processes on them are found by that folder's name in their environment.
type machines struct {
	t    testing.TB
	dir  string // keys, configuration and caches
	tmp  string // temporary folder of `landfall fleet`, by which its processes are found
	data string // its data folder
}

// newMachines starts an sshd for every name. It does not need root: the servers accept only the user who runs the test.
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

// cache returns the cache folder of a machine.
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

// states returns the output of `landfall fleet status`.
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

// awaitState waits until a host's state satisfies is.
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

// running returns the processes with a value in their environment, as pid and command line.
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

// on returns the processes on a machine.
func (m *machines) on(name string) map[int]string {
	return running("XDG_CACHE_HOME=" + m.cache(name))
}

// local returns the processes of `landfall fleet` here.
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

// nothingRuns checks that no process and no socket is left, here and on the machines.
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

// files returns all files below a machine's cache.
func (m *machines) files(name string) (found []string) {
	filepath.WalkDir(m.cache(name), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, strings.TrimPrefix(path, m.cache(name)+"/"))
		}
		return nil
	})
	return found
}

// onlyBinary checks that a machine's cache holds only one binary.
func (m *machines) onlyBinary(name string) {
	m.t.Helper()
	found := m.files(name)
	if len(found) != 1 || !strings.HasPrefix(found[0], "landfall/bin/") || !strings.HasSuffix(found[0], "/landfall") {
		m.t.Errorf("%s: left %q, want the binary alone", name, found)
	}
}

// connected reports whether a process has a TCP connection to an address of IPv4 loopback.
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
