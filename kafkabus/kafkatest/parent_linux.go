package kafkatest

import (
	"os/exec"
	"syscall"
)

// endWithParent makes the kernel kill a process when the tests end for any reason.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
