// Package environ reads what landfall takes from its environment: host and user name, the folders for data and configuration,
// environment variables and the configuration file.
package environ

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
)

// Host returns this machine's name.
func Host() string {
	h, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return h
}

// User returns the user to record as the author of actions: user@host.
func User() string {
	if u, err := user.Current(); err == nil {
		return u.Username + "@" + Host()
	}
	return Host()
}

// Actor returns [User] with the terminal of this process, such as ada@ops:pts/3, which tells several sessions of one user apart. If the
// terminal is unknown, it returns User.
func Actor() string {
	at, err := os.Readlink("/proc/self/fd/0")
	if name, is := strings.CutPrefix(at, "/dev/"); err == nil && is && (strings.HasPrefix(name, "pts/") || strings.HasPrefix(name, "tty")) {
		return User() + ":" + name
	}
	return User()
}

// Config returns the path of the configuration file, which need not exist, or "" if this user has no home folder.
func Config() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		home := homeFolder()
		if home == "" {
			return ""
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "landfall", "config.yaml")
}

// Data returns the folder for data, by the convention of the system, or "" if this user has no home folder. It is never inside a folder
// shared by several users, where another user could place a configuration file or a link.
func Data() string {
	home := homeFolder()
	switch {
	case filepath.IsAbs(os.Getenv("XDG_DATA_HOME")):
		return filepath.Join(os.Getenv("XDG_DATA_HOME"), "landfall")
	case runtime.GOOS == "windows" && os.Getenv("LocalAppData") != "":
		return filepath.Join(os.Getenv("LocalAppData"), "landfall")
	case home == "":
		return ""
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", "landfall")
	}
	return filepath.Join(home, ".local", "share", "landfall")
}

// homeFolder returns this user's home folder. Services and cron jobs may run without HOME; then it comes from the system's user database.
func homeFolder() string {
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return home
	}
	if u, err := user.Current(); err == nil && filepath.IsAbs(u.HomeDir) {
		return u.HomeDir
	}
	return ""
}
