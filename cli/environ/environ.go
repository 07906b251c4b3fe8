// Package environ is what landfall takes from its surroundings: the host's and the user's names, the folders for data and
// configuration, and the configuration file.
package environ

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
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

// Actor is User with the terminal that this process was started at, such as ada@ops:pts/3: who works at several is told
// apart. Where that is not known, it is User.
func Actor() string {
	at, err := os.Readlink("/proc/self/fd/0")
	if name, is := strings.CutPrefix(at, "/dev/"); err == nil && is && (strings.HasPrefix(name, "pts/") || strings.HasPrefix(name, "tty")) {
		return User() + ":" + name
	}
	return User()
}

// Config is the configuration file that is read if it is there; "" if this user has no home folder.
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

// Data is the folder for data, where the system wants a user's; "" if this user has no home folder. It is never one in a folder that
// users share, where another user may have placed a configuration or a link.
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

// homeFolder is this user's home folder. Services and cron jobs may have no HOME: then the system's list of users knows it.
func homeFolder() string {
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return home
	}
	if u, err := user.Current(); err == nil && filepath.IsAbs(u.HomeDir) {
		return u.HomeDir
	}
	return ""
}
