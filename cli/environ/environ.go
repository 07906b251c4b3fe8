// Package environ is what landfall takes from its surroundings: the host's and the user's names, the folders for data and
// configuration, and the configuration file.
package environ

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
)

// Host is this machine's name.
func Host() string {
	h, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return h
}

// User is who acts, for the record: user@host.
func User() string {
	if u, err := user.Current(); err == nil {
		return u.Username + "@" + Host()
	}
	return Host()
}

// Config is the configuration file that is read if it is there.
func Config() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "landfall", "config.yaml")
}

// Data is the folder for data, where the system wants a user's.
func Data() string {
	home, err := os.UserHomeDir()
	switch {
	case os.Getenv("XDG_DATA_HOME") != "":
		return filepath.Join(os.Getenv("XDG_DATA_HOME"), "landfall")
	case runtime.GOOS == "windows" && os.Getenv("LocalAppData") != "":
		return filepath.Join(os.Getenv("LocalAppData"), "landfall")
	case err != nil:
		return filepath.Join(os.TempDir(), "landfall")
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", "landfall")
	}
	return filepath.Join(home, ".local", "share", "landfall")
}
