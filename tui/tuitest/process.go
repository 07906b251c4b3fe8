package tuitest

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

// Build builds the program and returns its path.
func Build(t testing.TB) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "landfall")
	if err := Make(bin); err != nil {
		t.Fatal(err)
	}
	return bin
}

// Make builds the program as users do, with `make build`, and writes it to path, which must be absolute. Flags for the go command can be
// passed in environment.
func Make(path string, environment ...string) error {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("find the module: %w", err)
	}
	c := exec.Command("make", "-C", filepath.Dir(string(mod)), "build", "BIN="+path)
	c.Env = append(os.Environ(), environment...)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("make build: %w\n%s", err, out)
	}
	return nil
}

// Fleet starts a broker, a target with some flags, and n drivers, drv-1 to drv-n, as processes that stop when the test ends. It
// returns the broker's address and the target's URL.
func Fleet(t testing.TB, bin string, n int, flags ...string) (brokers, target string) {
	t.Helper()
	brokers, target, _ = FleetWithTarget(t, bin, n, flags...)
	return brokers, target
}

// FleetWithTarget is like [Fleet]; kill kills the target.
func FleetWithTarget(t testing.TB, bin string, n int, flags ...string) (brokers, target string, kill func()) {
	t.Helper()
	brokers, _ = address(t, bin, "broker", "--listen", "127.0.0.1:0", "--data", t.TempDir())
	addr, c := address(t, bin, append([]string{"target", "--listen", "127.0.0.1:0"}, flags...)...)
	drivers(t, bin, brokers, n)
	return brokers, "http://" + addr, func() { _ = c.Process.Kill() }
}

// Driver starts one more driver of a fleet; kill kills it without draining.
func Driver(t testing.TB, bin, brokers, name string) (kill func()) {
	t.Helper()
	c := exec.Command(bin, "driver", "--name", name, "--brokers", brokers)
	start(t, c)
	return func() { _ = c.Process.Kill() }
}

// StoppableFleet starts a broker and n drivers. stop kills the broker; start restarts it with the same address and data.
func StoppableFleet(t testing.TB, bin string, n int) (brokers string, stop func() (start func())) {
	t.Helper()
	dir := t.TempDir()
	brokers, c := address(t, bin, "broker", "--listen", "127.0.0.1:0", "--data", dir)
	drivers(t, bin, brokers, n)
	return brokers, func() func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		return func() { _, c = address(t, bin, "broker", "--listen", brokers, "--data", dir) }
	}
}

func drivers(t testing.TB, bin, brokers string, n int) {
	t.Helper()
	for i := range n {
		Driver(t, bin, brokers, fmt.Sprint("drv-", i+1))
	}
}

func start(t testing.TB, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
}

// address starts a server and returns the address that it prints, and its process.
func address(t testing.TB, bin string, args ...string) (string, *exec.Cmd) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c := exec.Command(bin, args...)
	c.Stdout = out
	start(t, c)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if text, _ := os.ReadFile(path); bytes.Contains(text, []byte("\n")) {
			line, _, _ := strings.Cut(string(text), "\n")
			return line, c
		}
	}
	t.Fatalf("%v prints no address", args)
	return "", nil
}
