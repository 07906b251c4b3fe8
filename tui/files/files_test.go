package files

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"landfall/loadgen"
)

// The newest file is first, each is listed once, and at most ten are kept.
func TestRecent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "recent")
	if list := Recent(file); list != nil {
		t.Errorf("before any: %q", list)
	}
	for _, path := range []string{"/a", "/b", "/a", "/c"} {
		Remember(file, path)
	}
	if got, want := Recent(file), []string{"/c", "/a", "/b"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for i := range 12 {
		Remember(file, filepath.Join("/many", string(rune('a'+i))))
	}
	if got := Recent(file); len(got) != recentKept || got[0] != "/many/l" {
		t.Errorf("%d kept: %q", len(got), got)
	}
}

// Completions are folders and spec files; hidden ones only after a typed dot; recent files for an empty path.
func TestMatch(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"shop.yaml", "shop.txt", "smoke.yml", ".hidden.yaml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "specs"), 0o700); err != nil {
		t.Fatal(err)
	}
	at := dir + string(filepath.Separator)
	for typed, want := range map[string][]string{at: {at + "shop.yaml", at + "smoke.yml", at + "specs" + string(filepath.Separator)}, at + "sh": {at + "shop.yaml"}, at + ".h": {at + ".hidden.yaml"}, at + "x": nil, at + "none/": nil} {
		if got := Match(typed, ""); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	recent := filepath.Join(dir, "recent")
	Remember(recent, "/a/b.yaml")
	t.Chdir(t.TempDir())
	if got := Match("", recent); !slices.Equal(got, []string{"/a/b.yaml"}) {
		t.Errorf("nothing typed: %q", got)
	}
}

// WriteNew replaces no file. Only the owner can read the stored last spec.
func TestWriteNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.yaml")
	if err := WriteNew(path, []byte("a")); err != nil {
		t.Fatal(err)
	}
	if err := WriteNew(path, []byte("b")); err == nil {
		t.Error("a file was replaced")
	}
	if data, _ := os.ReadFile(path); string(data) != "a" {
		t.Errorf("it is %q now", data)
	}
	last := filepath.Join(t.TempDir(), "folder", "last.yaml")
	Keep(last, loadgen.Spec{Kind: loadgen.Avalanche, Target: "http://127.0.0.1/"})
	if info, err := os.Stat(last); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
