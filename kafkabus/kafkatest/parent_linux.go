package kafkatest

import (
	"os/exec"
	"syscall"
)

// endWithParent has the kernel kill a process when the tests end, however they do.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
