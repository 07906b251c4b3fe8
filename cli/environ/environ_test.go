package environ

import (
	"os"
	"runtime"
	"strings"
	"testing"
)

// Without HOME the folders are still the user's own, or none: never those that all users share.
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
