package sign

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeyTextsReadBack(t *testing.T) {
	k := NewKey()
	again, err := ParseKey(k.Text() + "\n")
	if err != nil || again.Public() != k.Public() {
		t.Fatalf("private key: %v", err)
	}
	p, err := ParsePublic(k.Public().String())
	if err != nil || p != k.Public() {
		t.Fatalf("public key: %v", err)
	}
	if NewKey().Public() == k.Public() {
		t.Error("two new keys are the same")
	}
}

func TestParseKeyDoesNotEchoItsInput(t *testing.T) {
	const secret = privatePrefix + "c2VjcmV0IHNlY3JldA"
	if _, err := ParseKey(secret); err == nil || strings.Contains(err.Error(), "c2Vj") {
		t.Errorf("error %v: must not contain the key", err)
	}
}

func TestKeyFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "ann.key")
	k := NewKey()
	if err := k.Save(path); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	if loaded, err := LoadKey(path); err != nil || loaded.Public() != k.Public() {
		t.Errorf("loaded another key: %v", err)
	}
	if err := k.Save(path); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("overwriting a key: %v", err)
	}
}

func TestLoadKeyNamesFileAndRemedy(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ name, path, want string }{
		{"missing", filepath.Join(dir, "none"), "landfall key new"},
		{"world-readable", write("open", NewKey().Text(), 0o644), "chmod 600"},
		{"group-writable", write("group", NewKey().Text(), 0o620), "chmod 600"},
		{"a public key", write("public", NewKey().Public().String(), 0o600), "landfall key new"},
		{"cut short", write("short", NewKey().Text()[:40], 0o600), "not a private key"},
		{"large", write("large", strings.Repeat("x", maxKeyFile+1), 0o600), "more than"},
		{"a folder", dir, "not a regular file"},
	} {
		_, err := LoadKey(c.path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: error %v: must name %s and say %q", c.name, err, c.path, c.want)
		}
	}
}
