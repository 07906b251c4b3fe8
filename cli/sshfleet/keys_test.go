package sshfleet

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/cli/connect"
	"landfall/node"
	"landfall/node/remote"
	"landfall/node/remote/hosts"
	"landfall/node/sign"
)

func TestEachDriverGetsTheRingAndItsOwnKey(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	root := sign.NewKey()
	if err := root.Save(in("root.key")); err != nil {
		t.Fatal(err)
	}
	ring, err := sign.NewRing(root).Next(root, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := ring.Save(in("fleet.keys")); err != nil {
		t.Fatal(err)
	}
	list := []hosts.Host{{Name: "a", Address: "a", Drivers: 2}, {Name: "b", Address: "b", Drivers: 1}}
	c := upCmd{Kafka: connect.Flags{Keys: connect.KeyFlags{Ring: in("fleet.keys")}}}
	if _, err := c.keyFiles(list); err == nil || !strings.Contains(err.Error(), "no keys of drivers") {
		t.Errorf("drivers without keys: %v", err)
	}
	c.Root = in("root.key")
	files, err := c.keyFiles(list)
	if err != nil {
		t.Fatal(err)
	}
	names := append(list[0].DriverNames(), list[1].DriverNames()...)
	if len(files) != 1+len(names) || files[0] != (remote.NamedFile{Flag: "--fleet-keys", Path: in("fleet.keys")}) {
		t.Fatalf("files %+v", files)
	}
	ring, err = sign.LoadRing(in("fleet.keys"))
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		if files[i+1] != (remote.NamedFile{Flag: "--sign-key", Path: in(name + ".key"), Driver: name}) || !ring.Holds(name, node.RoleDriver, time.Now()) {
			t.Errorf("driver %s gets %+v", name, files[i+1])
		}
	}
	c.Root = "" // from now on the root key may be offline
	if again, err := c.keyFiles(list); err != nil || len(again) != len(files) {
		t.Errorf("the second call: %+v, %v", again, err)
	}
	if after, _ := sign.LoadRing(in("fleet.keys")); after.Version != ring.Version {
		t.Errorf("the second call wrote version %d, want %d", after.Version, ring.Version)
	}
	if err := os.Rename(in(names[0]+".key"), in(names[1]+".key")); err != nil {
		t.Fatal(err)
	}
	c.Kafka.Keys.Key = ""
	if _, err := c.keyFiles(list[:1]); err == nil || !strings.Contains(err.Error(), names[1]) && !strings.Contains(err.Error(), names[0]) {
		t.Errorf("another driver's key: %v", err)
	}
	if _, err := (&upCmd{SignKeys: dir}).keyFiles(list); err == nil || !strings.Contains(err.Error(), "--fleet-keys") {
		t.Errorf("--sign-keys alone: %v", err)
	}
}
