//go:build unix

package agent

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/node/remote/hosts"
)

func TestFollow(t *testing.T) {
	root := filepath.Join(t.TempDir(), "landfall")
	dir := filepath.Join(root, "fleets/x/drivers")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a": "1\n2\n3\n", "b": "4\n"} {
		if err := os.WriteFile(filepath.Join(dir, name+".log"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(driver string, lines int) (text string) {
		for _, a := range serve(t, hosts.Order{Do: hosts.Follow, Root: root, Folder: "x", Driver: driver, Lines: lines}) {
			if a.Line != nil {
				text += a.Line.Driver + a.Line.Text + " "
			}
			text += a.Error
		}
		return strings.TrimSpace(text)
	}
	for _, c := range []struct {
		driver string
		lines  int
		want   string
	}{{"", 2, "a2 a3 b4"}, {"a", 100, "a1 a2 a3"}, {"a", 0, ""}, {"c", 1, `driver "c": has no log here`}} {
		if got := read(c.driver, c.lines); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
