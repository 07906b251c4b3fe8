// Package daemon runs processes in the background of a machine, so that they outlive the session that started them: a
// session, a log file and a locked pid file of their own.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Files are where a detached driver keeps its pid and its log.
type Files struct{ Pid, Log string }

// FilesOf are the files of the driver with a name, within a folder.
func FilesOf(dir, name string) Files {
	return Files{Pid: filepath.Join(dir, name+".pid"), Log: filepath.Join(dir, name+".log")}
}

// Arguments are the command line of the detached process: args without --detach, and with its name.
func Arguments(args []string, name string) []string {
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--detach" || strings.HasPrefix(a, "--detach=") })
	return append(args, "--detached", "--name", name)
}

// ErrNone says that there is no detached driver to stop.
var ErrNone = errors.New("no detached driver runs here")

// Stop ends the detached driver with a name, or all of a folder if name is empty, and waits until they have drained.
func Stop(ctx context.Context, dir, name string, out io.Writer) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.pid"))
	if err != nil {
		return err
	}
	var failed []error
	stopped := 0
	for _, path := range files {
		found := strings.TrimSuffix(filepath.Base(path), ".pid")
		if name != "" && found != name {
			continue
		}
		switch alive, err := stop(ctx, path); {
		case err != nil:
			failed = append(failed, fmt.Errorf("driver %s: %w", found, err))
		case alive:
			stopped++
			fmt.Fprintln(out, "stopped", found)
		default:
			os.Remove(path) // of a process that was killed
		}
	}
	switch {
	case len(failed) > 0:
		return errors.Join(failed...)
	case stopped == 0 && name != "":
		return fmt.Errorf("driver %s: %w", name, ErrNone)
	case stopped == 0:
		return ErrNone
	}
	return nil
}
