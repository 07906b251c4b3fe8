// Package secretfile checks the permissions of files that hold tokens, keys and passwords. It does not read their contents.
package secretfile

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
)

const (
	othersRead  = 0o004
	othersWrite = 0o002
)

// Exposed returns an error if any user of this machine can read or write a file; nil otherwise, if it cannot be checked, or on systems
// without such permissions. Access by a group is the owner's decision.
func Exposed(path string) error {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" {
		return nil
	}
	switch mode := info.Mode().Perm(); {
	case mode&othersWrite != 0:
		return fmt.Errorf("%s: every user of this machine can write it (chmod 600)", path)
	case mode&othersRead != 0:
		return fmt.Errorf("%s: every user of this machine can read it (chmod 600)", path)
	}
	return nil
}

// Warn logs which of the files are exposed; empty names are skipped.
func Warn(log *slog.Logger, paths ...string) {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if err := Exposed(path); err != nil {
			log.Warn("a file with secrets is accessible to other users", "error", err)
		}
	}
}
