//go:build unix

package kafkatest

import (
	"os"
	"syscall"
	"testing"
)

// Pause stops a child process and returns once all of its threads have stopped: right after the signal, they may still
// run and respond.
func Pause(t testing.TB, p *os.Process) {
	t.Helper()
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(p.Pid, &status, syscall.WUNTRACED, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || !status.Stopped() {
			t.Fatalf("the process did not stop: %v, status %#x", err, status)
		}
		return
	}
}
