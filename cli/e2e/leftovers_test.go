//go:build e2e && linux

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startDemo starts the demo with a temporary folder of its own.
func startDemo(t testing.TB, args ...string) (p *process, tmp string) {
	tmp = t.TempDir()
	cmd := exec.Command(binary, append([]string{"demo"}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	return startCommand(t, cmd), tmp
}

// children returns the running processes that use a temporary folder, except one.
func children(tmp string, but int) (found []string) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		environ, err := os.ReadFile(dir + "/environ")
		if err != nil || dir == fmt.Sprint("/proc/", but) || !bytes.Contains(environ, []byte("TMPDIR="+tmp+"\x00")) {
			continue
		}
		cmdline, _ := os.ReadFile(dir + "/cmdline")
		found = append(found, strings.ReplaceAll(string(cmdline), "\x00", " "))
	}
	return found
}

func nothingLeft(t testing.TB, tmp string, within time.Duration) {
	t.Helper()
	var left []string
	eventually(t, within, "nothing is left", func() bool {
		left = children(tmp, 0)
		files, _ := os.ReadDir(tmp)
		for _, f := range files {
			left = append(left, f.Name())
		}
		return len(left) == 0
	})
}

// Without a terminal, the demo runs one tsunami, prints the report, exits 0 and leaves nothing behind.
func TestDemo(t *testing.T) {
	t.Parallel()
	p, tmp := startDemo(t, "--json")
	if code := p.exit(60 * time.Second); code != 0 {
		t.Fatalf("exit %d", code)
	}
	if r := p.report(); r.Requests != 10_000 || r.Responses != 10_000 || len(r.Drivers) != 3 {
		t.Errorf("%d requests, %d responses by %d drivers, want 10000, 10000 and 3", r.Requests, r.Responses, len(r.Drivers))
	}
	if !strings.Contains(p.stderr.String(), "requests") {
		t.Error("no progress on stderr")
	}
	nothingLeft(t, tmp, 0)
}

// When the demo is killed with -9, its children exit within 2 s and remove the folder.
func TestDemoKilled(t *testing.T) {
	t.Parallel()
	p, tmp := startDemo(t)
	p.says(" requests", 30*time.Second) // load has started
	if n := len(children(tmp, p.cmd.Process.Pid)); n != 5 {
		t.Errorf("%d children, want 5", n)
	}
	p.kill()
	nothingLeft(t, tmp, 2*time.Second)
}

// When its parent is killed, as make may be, the demo exits and leaves nothing behind.
func TestDemoOrphaned(t *testing.T) {
	t.Parallel()
	tmp := t.TempDir()
	cmd := exec.Command("sh", "-c", `"$0" demo --with-parent; true`, binary)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	p := startCommand(t, cmd)
	p.says(" requests", 30*time.Second) // load has started
	if n := len(children(tmp, p.cmd.Process.Pid)); n != 6 {
		t.Errorf("%d children, want 6", n)
	}
	p.cmd.Process.Kill()
	nothingLeft(t, tmp, 3*time.Second)
}

// A detached driver outlives the command that started it, until it is stopped.
func TestDetach(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	data := t.TempDir()
	driver := func(args ...string) *process {
		cmd := exec.Command(binary, append([]string{"driver", "--data", data}, args...)...)
		cmd.Env = append(os.Environ(), "TMPDIR="+data) // marks its processes
		return startCommand(t, cmd)
	}
	t.Cleanup(func() { driver("--stop").exit(10 * time.Second) })
	p := driver("--detach", "--name", "away", "--brokers", f.brokers)
	if code := p.exit(10 * time.Second); code != 0 {
		t.Fatalf("exit %d", code)
	}
	pid, _, _ := strings.Cut(read(t, data+"/drivers/away.pid"), "\n")
	if output := p.stdout.String(); !strings.Contains(output, "runs as process "+pid+";") {
		t.Errorf("--detach prints %q, want process %s in it", output, pid)
	}
	if code, r := f.pass(20*time.Second, "--drivers", "away", "-n", "100", f.url); code != 0 || r.Requests != 100 {
		t.Errorf("exit %d, %d requests, want 0 and 100", code, r.Requests)
	}
	if n := len(children(data, 0)); n != 1 {
		t.Errorf("%d processes, want the detached one", n)
	}
	if p := driver("--detach", "--name", "away", "--brokers", f.brokers); p.exit(10*time.Second) != 1 || !strings.Contains(p.stderr.String(), "runs already") {
		t.Error("a second one of the same name was started")
	}
	if p := driver("--stop", "--name", "away"); p.exit(20*time.Second) != 0 || !strings.Contains(p.stdout.String(), "stopped away") {
		t.Errorf("--stop says %q", p.stdout.String())
	}
	if left := children(data, 0); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
	if p := driver("--stop"); p.exit(10*time.Second) != 1 || !strings.Contains(p.stderr.String(), "no detached driver") {
		t.Errorf("--stop without any says %q", p.stderr.String())
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A driver lives as long as its SSH session, with and without a terminal.
func TestSSH(t *testing.T) {
	t.Parallel()
	sshd := newSSHD(t)
	f := newFleet(t, 0)
	for name, flags := range map[string][]string{"pipe": {"-T"}, "terminal": {"-tt"}} {
		t.Run(name, func(t *testing.T) {
			session := startCommand(t, sshd.command(append(flags, "--", binary, "driver", "--name", name, "--brokers", f.brokers)...))
			eventually(t, 20*time.Second, "the driver is in the fleet", func() bool {
				return strings.Contains(session.stderr.String()+session.stdout.String(), "joined the fleet")
			})
			if code, r := f.pass(20*time.Second, "--drivers", name, "-n", "100", f.url); code != 0 || r.Requests != 100 {
				t.Errorf("exit %d, %d requests, want 0 and 100", code, r.Requests)
			}
			session.kill()
			eventually(t, 10*time.Second, "the driver has left the fleet", func() bool {
				p := start(t, "console", "--brokers", f.brokers)
				p.exit(20 * time.Second)
				return strings.Contains(p.stdout.String(), "  "+name+"  left")
			})
		})
	}
}
