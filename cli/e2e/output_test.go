//go:build e2e && linux

package e2e

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A report that cannot be written is an error, in each format.
func TestLostOutput(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	for _, args := range [][]string{{}, {"--json"}} {
		cmd := exec.Command(binary, append([]string{"run", "--local", "-n", "1", "http://127.0.0.1:1/"}, args...)...)
		cmd.Stdout = full
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(stderr.String(), "no space left on device") {
			t.Errorf("%q: %v: %s", args, err, stderr.String())
		}
	}
}

// A command prints within a second that it waits for Kafka.
func TestFirstLineWhileWaiting(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"run", "http://127.0.0.1:1/"}, {"driver"}, {"report"}} {
		p := start(t, append(args, "--brokers", "127.0.0.1:1", "--data", t.TempDir())...)
		deadline := time.Now().Add(5 * time.Second) // a second, and time for a busy machine to start the process
		for !strings.Contains(p.stderr.String(), "aiting for Kafka") {
			if time.Now().After(deadline) {
				t.Fatalf("%q: nothing said: %q", args, p.stderr.String())
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}
