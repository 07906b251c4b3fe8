// Package secretfile looks at the modes of files that hold tokens, keys and passwords. What they hold is read by those who need it.
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

// Exposed returns an error if every user of this machine can read or write a file; nil if not, if it cannot be looked at, or on systems
// whose files have no such modes. A file that only a group shares is as its owner wants it.
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

// Warn logs which of some files are exposed; those without a name are none.
func Warn(log *slog.Logger, paths ...string) {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if err := Exposed(path); err != nil {
			log.Warn("a file of secrets is open to others", "error", err)
		}
	}
}
