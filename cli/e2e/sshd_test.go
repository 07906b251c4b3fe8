//go:build e2e && linux

package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
	"time"
)

// sshd is a server on loopback with keys of this test.
type sshd struct{ dir, port, user string }

func newSSHD(t testing.TB) *sshd {
	t.Helper()
	server, err := exec.LookPath("/usr/sbin/sshd")
	if err != nil {
		t.Skip("needs sshd (openssh-server)")
	}
	if os.Getuid() != 0 {
		t.Skip("needs root: sshd changes users")
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		t.Fatal(err)
	}
	addr := freeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	s := &sshd{dir: t.TempDir(), port: port, user: me.Username}
	for _, name := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", s.path(name)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v: %s", err, out)
		}
	}
	write(t, s.path("sshd_config"), fmt.Sprintf(`Port %s
ListenAddress 127.0.0.1
HostKey %s
AuthorizedKeysFile %s
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
`, port, s.path("host"), s.path("user.pub")))
	startCommand(t, exec.Command(server, "-D", "-e", "-f", s.path("sshd_config")))
	eventually(t, 10*time.Second, "sshd listens", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return s
}

func (s *sshd) path(name string) string { return filepath.Join(s.dir, name) }

// command runs a command over SSH; flags come first.
func (s *sshd) command(args ...string) *exec.Cmd {
	options := []string{"-p", s.port, "-i", s.path("user"), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
		"-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR", "-l", s.user}
	split := len(args)
	for i, a := range args {
		if a == "--" {
			split = i
			break
		}
	}
	options = append(append(options, args[:split]...), "127.0.0.1")
	return exec.Command("ssh", append(options, args[split+1:]...)...)
}
