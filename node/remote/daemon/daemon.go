// Package daemon runs background processes that outlive the session that started them, each with a log file
// and a locked pid file.
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

// Files are the pid file and the log of a detached driver.
type Files struct{ Pid, Log string }

// FilesOf returns the files of the named driver within a folder.
func FilesOf(dir, name string) Files {
	return Files{Pid: filepath.Join(dir, name+".pid"), Log: filepath.Join(dir, name+".log")}
}

// Arguments returns the command line of the detached process: args without --detach, and with its name.
func Arguments(args []string, name string) []string {
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--detach" || strings.HasPrefix(a, "--detach=") })
	return append(args, "--detached", "--name", name)
}

// ErrNone means that there is no detached driver to stop.
var ErrNone = errors.New("no detached driver runs here")

// Stop stops the named detached driver, or all of a folder if name is empty, and waits until they have
// drained.
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
