//go:build unix

package kafkatest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"landfall/kafkabus/embedded"
)

// childEnv makes a test binary act as a broker.
const childEnv = "LANDFALL_TEST_BROKER"

// Main runs the tests or, in a process started by StartEmbedded, the broker. TestMain must call it.
func Main(m *testing.M) int {
	if dir, ok := os.LookupEnv(childEnv); ok {
		return runBroker(dir, os.Args[1], os.Args[2])
	}
	return m.Run()
}

// runBroker runs until its standard input is closed, which happens when the tests end for any reason.
func runBroker(dir, listen, advertise string) int {
	b, err := embedded.Start(embedded.Config{Dir: dir, Listen: listen, Advertise: advertise})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(b.Addr())
	io.Copy(io.Discard, os.Stdin)
	b.Close()
	return 0
}

// Embedded is an embedded broker in a separate process.
type Embedded struct {
	t         testing.TB
	dir       string
	listen    string
	advertise string
	cmd       *exec.Cmd
	stdin     io.Closer
}

// StartEmbedded starts a broker that keeps its data in dir ("": in memory) and advertises an address ("": its own).
// It stops when the test ends.
func StartEmbedded(t testing.TB, dir, advertise string) *Embedded {
	e := &Embedded{t: t, dir: dir, listen: "127.0.0.1:0", advertise: advertise}
	if advertise != "" { // its listen address is not known from outside
		e.listen = FreeAddr(t)
	}
	if addr := e.start(); advertise == "" {
		e.listen = addr // reuse the port after a restart
	}
	t.Cleanup(func() { e.Kill(0) })
	return e
}

// Brokers returns the address of the broker.
func (e *Embedded) Brokers() []string { return []string{e.listen} }

// PID returns the process id of the broker.
func (e *Embedded) PID() int { return e.cmd.Process.Pid }

// Kill kills the broker. The only node is 0.
func (e *Embedded) Kill(int) {
	e.cmd.Process.Kill()
	e.cmd.Wait()
	e.stdin.Close()
}

// Back restarts a killed broker with the same address and data.
func (e *Embedded) Back(int) { e.start() }

// Pause stops the process, like a machine that hangs; Resume continues it.
func (e *Embedded) Pause(int)  { e.t.Helper(); Pause(e.t, e.cmd.Process) }
func (e *Embedded) Resume(int) { e.cmd.Process.Signal(syscall.SIGCONT) }

func (e *Embedded) start() (addr string) {
	e.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		e.t.Fatal(err)
	}
	e.cmd = exec.Command(exe, e.listen, e.advertise)
	e.cmd.Env = append(os.Environ(), childEnv+"="+e.dir)
	e.cmd.Stderr = os.Stderr
	e.stdin, _ = e.cmd.StdinPipe()
	stdout, _ := e.cmd.StdoutPipe()
	if err := e.cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		e.cmd.Wait()
		e.t.Fatalf("the broker's process prints nothing: %v", err)
	}
	return strings.TrimSpace(line)
}
