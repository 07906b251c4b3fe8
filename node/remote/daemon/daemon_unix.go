//go:build unix

package daemon

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"landfall/node/filelock"
)

// readyFor is how long Start waits for the detached process to join the fleet.
const readyFor = 5 * time.Second

// joinedWord is the second line of the pid file of a driver that has joined.
const joinedWord = "joined"

// readyFD is the file descriptor on which the detached process reports that it has joined.
const readyFD = 3

// Start starts this program again in a session of its own, with a command line from Arguments, and writes to
// out whether that worked and how to stop it.
func Start(dir, name string, args []string, out io.Writer) error {
	files := FilesOf(dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	log, err := os.OpenFile(files.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	from, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	ready, pid, err := launch(log, args)
	if err != nil {
		return err
	}
	defer ready.Close()
	joined, alive := await(ready)
	if !alive {
		return fmt.Errorf("driver %s exited immediately: %s", name, since(files.Log, from))
	}
	fmt.Fprintf(out, "driver %s runs as process %d; its log is %s\nstop it with: landfall driver --stop --name %s\n", name, pid, files.Log, name)
	if !joined {
		fmt.Fprintln(out, "it has not reached Kafka yet and keeps retrying: see its log")
	}
	return nil
}

// launch starts the process; ready is a pipe from it.
func launch(log *os.File, args []string) (ready *os.File, pid int, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, 0, err
	}
	ready, child, err := os.Pipe()
	if err != nil {
		return nil, 0, err
	}
	defer child.Close()
	cmd := exec.Command(self, args...)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = log, log, []*os.File{child}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		ready.Close()
		return nil, 0, err
	}
	pid = cmd.Process.Pid // Release clears it
	return ready, pid, cmd.Process.Release()
}

// await waits until the detached process has joined or exited.
func await(ready *os.File) (joined, alive bool) {
	ready.SetReadDeadline(time.Now().Add(readyFor))
	n, err := ready.Read(make([]byte, 8))
	return n > 0, n > 0 || errors.Is(err, os.ErrDeadlineExceeded)
}

// since returns what was written to a log from an offset on.
func since(path string, from int64) string {
	f, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	b, _ := io.ReadAll(io.NewSectionReader(f, from, 4<<10))
	return strings.TrimSpace(string(b))
}

// Held is the pid file of this process.
type Held struct{ file *os.File }

// Hold writes this process's pid and holds the file until Release, or until the process ends.
func Hold(dir, name string) (*Held, error) {
	f, err := os.OpenFile(FilesOf(dir, name).Pid, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := filelock.Try(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("driver %s runs already", name)
	}
	if err := f.Truncate(0); err != nil {
		f.Close()
		return nil, err
	}
	_, err = fmt.Fprintln(f, os.Getpid())
	return &Held{f}, err
}

// Ready tells the parent process that this one has joined. It does nothing on a nil Held.
func (h *Held) Ready() {
	if h == nil {
		return
	}
	f := os.NewFile(readyFD, "ready")
	if f == nil {
		return
	}
	defer f.Close()
	fmt.Fprintln(f, "ok")
	fmt.Fprintln(h.file, joinedWord)
}

// Release removes the pid file.
func (h *Held) Release() {
	os.Remove(h.file.Name())
	h.file.Close()
}

// Look returns the process that holds the name, and whether it has joined the fleet. left is true if there is
// none and the last one removed its pid file, which means that it exited cleanly.
func Look(dir, name string) (pid int, joined, left bool, err error) {
	f, err := os.Open(FilesOf(dir, name).Pid)
	if errors.Is(err, os.ErrNotExist) {
		return 0, false, true, nil
	}
	if err != nil {
		return 0, false, false, err
	}
	defer f.Close()
	if !filelock.Held(f) {
		return 0, false, false, nil
	}
	text, err := io.ReadAll(io.LimitReader(f, 64))
	if err != nil {
		return 0, false, false, err
	}
	line, rest, _ := strings.Cut(string(text), "\n")
	pid, err = strconv.Atoi(line)
	return pid, strings.TrimSpace(rest) == joinedWord, false, err
}

// stop stops the process that holds a pid file; false: there is none.
func stop(ctx context.Context, path string) (alive bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if !filelock.Held(f) {
		return false, nil
	}
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil {
		return false, fmt.Errorf("read %s: %w", path, err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid < 2 {
		return false, fmt.Errorf("%s holds no pid", path)
	}
	if err := unix.Kill(pid, unix.SIGTERM); err != nil && !errors.Is(err, unix.ESRCH) {
		return false, fmt.Errorf("end process %d: %w", pid, err)
	}
	return true, ended(ctx, f, pid)
}

func ended(ctx context.Context, f *os.File, pid int) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for filelock.Held(f) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("process %d still drains", pid)
		}
	}
	return nil
}
