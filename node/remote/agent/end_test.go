//go:build unix

package agent

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/node/remote/hosts"
)

func TestEndLeavesForeignFiles(t *testing.T) {
	root := filepath.Join(t.TempDir(), "landfall")
	sum := strings.Repeat("ab", 32)
	for _, dir := range []string{"bin/" + sum, "bin/mine", "fleets/x/drivers", "fleets/y"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	order := hosts.Order{Do: hosts.End, Root: root, Folder: "x", Purge: true}
	there := func(name string) bool { _, err := os.Stat(filepath.Join(root, name)); return err == nil }
	if a := serve(t, order); a[len(a)-1].Error != "" || there("fleets/x") || !there("bin/"+sum) {
		t.Errorf("while another fleet uses it: %+v, x %v, binary %v", a, there("fleets/x"), there("bin/"+sum))
	}
	os.Remove(filepath.Join(root, "fleets/y"))
	if a := serve(t, order); a[len(a)-1].Error != "" || there("fleets") || there("bin/"+sum) || !there("bin/mine") {
		t.Errorf("when no fleet uses it: %+v, fleets %v, binary %v, others' %v", a, there("fleets"), there("bin/"+sum), there("bin/mine"))
	}
	os.Remove(filepath.Join(root, "bin/mine"))
	if serve(t, order); there("") {
		t.Error("the empty folder is left")
	}
}
