//go:build unix

package terminal

import (
	"os"
	"os/exec"
	"runtime/debug"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// mend is a shell script that waits until the Go runtime writes the reason for a crash to its standard input. It then restores the
// terminal (its standard error) and prints the first lines that it read: those of the goroutine that crashed.
const mend = `was=$(stty -g <&2); echo; IFS= read -r why || exit 0
stty "$was" <&2
{ printf '\033[?1049l\033[?25h\033[?1002l\033[?1003l\033[?1006l\033[?2004l\033[0m\nlandfall: the console has crashed; this is why:\n%s\n' "$why"; sed 8q; cat >/dev/null; } >&2`

// Guard makes another process restore the terminal if this one crashes: after a panic in any goroutine or a fatal error, a process
// cannot do so itself. Until release is called, standard error is discarded if it is the terminal.
func Guard() (release func()) {
	r, w, err := os.Pipe()
	if err != nil {
		return func() {}
	}
	defer r.Close()
	defer w.Close() // the runtime has a copy
	shell := exec.Command("sh", "-c", mend)
	shell.Stdin, shell.Stderr = r, os.Stdout // the terminal
	knows, err := shell.StdoutPipe()
	if err != nil || shell.Start() != nil {
		return func() {}
	}
	_, _ = knows.Read(make([]byte, 1)) // the script has saved the terminal's settings
	_ = debug.SetCrashOutput(w, debug.CrashOptions{})
	restore := silence()
	return func() {
		restore()
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		_ = shell.Wait()
	}
}

// silence discards standard error if it is the terminal.
func silence() (restore func()) {
	fd := int(os.Stderr.Fd())
	if !term.IsTerminal(fd) {
		return func() {}
	}
	was, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return func() {}
	}
	if nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		_ = unix.Dup2(int(nowhere.Fd()), fd)
		nowhere.Close()
	}
	return func() {
		_ = unix.Dup2(was, fd)
		_ = unix.Close(was)
	}
}
