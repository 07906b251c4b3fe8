package remote

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"landfall/node"
	"landfall/node/remote/hosts"
)

// greeting starts the line in which a host reports its system.
const greeting = "landfall-host "

// slack is added to time limits that ssh itself enforces.
const slack = 20 * time.Second

// link is a connection to a host. Its standard input ends with this process, even if that is killed; then ssh
// only waits for drivers that still use its tunnel.
type link struct {
	ssh    SSH
	socket string
	cmd    *exec.Cmd
	stdin  io.Closer
	stderr *tail
	system string        // of the host, from uname -sm
	done   chan struct{} // closed at the end of the connection
}

// dial connects; the link's socket is created in dir, which must be private and have a short path.
func dial(ctx context.Context, s SSH, h hosts.Host, dir string) (*link, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.connect()+slack, fmt.Errorf("no answer within %s", s.connect()+slack))
	defer cancel()
	socket, err := os.CreateTemp(dir, "") // a unique name
	if err != nil {
		return nil, err
	}
	socket.Close()
	if err := os.Remove(socket.Name()); err != nil {
		return nil, err
	}
	l := &link{ssh: s, socket: socket.Name(), stderr: &tail{}, done: make(chan struct{})}
	l.cmd = exec.Command(s.command(), s.master(h, l.socket, "echo; echo \""+greeting+"$(uname -sm)\"; exec cat >/dev/null")...)
	l.cmd.Stderr, l.cmd.SysProcAttr = l.stderr, apart()
	if l.stdin, err = l.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := l.cmd.Start(); err != nil {
		return nil, &PermanentError{fmt.Errorf("start ssh: %w", err)}
	}
	greeted := make(chan string, 1)
	go l.attend(out, greeted)
	select {
	case l.system = <-greeted:
		return l, nil
	case <-l.done:
		return nil, explain(l.stderr.String(), errors.New("ssh exited without a message"))
	case <-ctx.Done():
		l.close()
		return nil, context.Cause(ctx)
	}
}

// attend waits for the greeting, then for the end.
func (l *link) attend(out io.Reader, greeted chan<- string) {
	defer close(l.done)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if system, ok := strings.CutPrefix(lines.Text(), greeting); ok {
			greeted <- node.Clean(system, 80)
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
	_ = l.cmd.Wait()
}

// close closes the connection and everything that uses it.
func (l *link) close() {
	l.stdin.Close()
	kill := time.AfterFunc(2*time.Second, func() { _ = l.cmd.Process.Kill() })
	defer kill.Stop()
	<-l.done
	_ = os.Remove(l.socket)
}

// command prepares a script to run on the host until ctx ends.
func (l *link) command(ctx context.Context, script string) (*exec.Cmd, *tail) {
	return l.calling(ctx, through(l.socket, "--", "host", hosts.Script(script))...)
}

func (l *link) calling(ctx context.Context, args ...string) (*exec.Cmd, *tail) {
	cmd := exec.CommandContext(ctx, l.ssh.command(), args...)
	stderr := &tail{}
	cmd.Stderr, cmd.SysProcAttr, cmd.WaitDelay = stderr, apart(), time.Second
	return cmd, stderr
}

// run runs a script and returns its output, at most 64 KiB.
func (l *link) run(ctx context.Context, stdin io.Reader, script string) (string, error) {
	cmd, stderr := l.command(ctx, script)
	out := &tail{}
	cmd.Stdin, cmd.Stdout = stdin, out
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		return "", l.broken(stderr, err)
	}
	return out.String(), nil
}

// broken explains why a command failed.
func (l *link) broken(stderr *tail, err error) error {
	text := stderr.String()
	if strings.Contains(text, errorPort) && !strings.Contains(text, "refused by peer") {
		text, err = "", errBroken
	}
	select {
	case <-l.done:
		return explain(l.stderr.String(), errBroken)
	default:
		return explain(text, err)
	}
}

// errorPort is part of ssh's message when the shared connection is gone.
const errorPort = "UNKNOWN port 65535"

var errBroken = errors.New("the connection broke")

// forward forwards the host's socket to an address that this machine can reach.
func (l *link) forward(ctx context.Context, socket, addr string) error {
	cmd, stderr := l.calling(ctx, through(l.socket, "-O", "forward", "-R", socket+":"+addr, "--", "host")...)
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return &PermanentError{fmt.Errorf("--tunnel: the host refuses it (AllowStreamLocalForwarding or DisableForwarding in its sshd_config): %w", l.broken(stderr, err))}
	}
	return nil
}

// tail keeps the last bytes written to it.
type tail struct {
	mu sync.Mutex
	b  bytes.Buffer
}

const tailMost = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b.Write(p)
	if over := t.b.Len() - tailMost; over > 0 {
		t.b.Next(over)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}
