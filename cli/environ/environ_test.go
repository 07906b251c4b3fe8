package environ

import (
	"os"
	"runtime"
	"strings"
	"testing"
)

// Without HOME the folders still belong to the user, or there are none. Shared folders are never used.
func TestFoldersWithoutHome(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("folders are named differently")
	}
	for _, home := range []string{"", "relative"} {
		for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"} {
			t.Setenv(name, home)
		}
		for _, path := range []string{Config(), Data()} {
			if path != "" && (!strings.HasPrefix(path, "/") || strings.HasPrefix(path, os.TempDir())) {
				t.Errorf("HOME=%q: %s", home, path)
			}
		}
	}
	t.Setenv("HOME", "/home/ann")
	t.Setenv("XDG_CONFIG_HOME", "")
	if c, d := Config(), Data(); c != "/home/ann/.config/landfall/config.yaml" || d != "/home/ann/.local/share/landfall" {
		t.Error(c, d)
	}
	t.Setenv("XDG_DATA_HOME", "/data")
	if d := Data(); d != "/data/landfall" {
		t.Error(d)
	}
}

// Without a terminal, as in tests, the actor is the user alone; with one, its name is appended.
func TestActor(t *testing.T) {
	at, _ := os.Readlink("/proc/self/fd/0")
	got, user := Actor(), User()
	if name, is := strings.CutPrefix(at, "/dev/pts/"); is {
		if got != user+":pts/"+name {
			t.Errorf("at %s the actor is %s", at, got)
		}
	} else if !strings.HasPrefix(at, "/dev/tty") && got != user {
		t.Errorf("with %q as input the actor is %s, want %s", at, got, user)
	}
}
