package cli

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/cli/exit"
	"landfall/node"
	"landfall/node/sign"
)

func TestKeyCommands(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	flags := ringFlags{Ring: in("fleet.keys"), Root: in("root.key")}
	for _, name := range []string{"root.key", "ann.key", "d1.key", "next.key"} {
		if err := (&keyNewCmd{File: in(name)}).Run(); err != nil {
			t.Fatal(err)
		}
	}
	ann, err := sign.LoadKey(in("ann.key"))
	if err != nil {
		t.Fatal(err)
	}
	until := "2027-01-31"
	for _, c := range []interface{ Run() error }{
		&keyTrustCmd{Flags: flags, Name: "ann", Key: ann.Public().String(), Role: "operator", Target: []string{"10.0.0.0/8"}, MaxRate: 500, Until: until},
		&keyTrustCmd{Flags: flags, Name: "d1", Key: in("d1.key"), Role: "driver"},
		&keyRootCmd{Flags: flags, File: in("next.key")},
		&keyRevokeCmd{Flags: ringFlags{Ring: flags.Ring, Root: in("next.key")}, Key: "d1"},
		&keyRingCmd{Ring: flags.Ring},
		&keyShowCmd{File: in("ann.key")},
	} {
		if err := c.Run(); err != nil {
			t.Fatalf("%T: %v", c, err)
		}
	}
	r, err := sign.LoadRing(flags.Ring)
	if err != nil {
		t.Fatal(err)
	}
	m := r.Member(ann.Public())
	if r.Version != 4 || m == nil || m.Role != node.RoleOperator || m.MaxRateRPS != 500 || m.Until.Format(time.DateOnly) != until || len(m.Targets) != 1 {
		t.Errorf("version %d, ann is %+v", r.Version, m)
	}
	if r.Holds("d1", node.RoleDriver, time.Now()) {
		t.Error("d1 was not revoked")
	}
	var list strings.Builder
	listRing(&list, r, time.Now())
	for _, want := range []string{"version 4", "ann", "targets 10.0.0.0/8, at most 500 requests/s, until 2027-01-31T00:00:00Z", "the key of d1 was revoked"} {
		if !strings.Contains(list.String(), want) {
			t.Errorf("list without %q:\n%s", want, list.String())
		}
	}
}

func TestKeyCommandErrors(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	flags := ringFlags{Ring: in("fleet.keys"), Root: in("root.key")}
	for _, name := range []string{"root.key", "other.key"} {
		if err := sign.NewKey().Save(in(name)); err != nil {
			t.Fatal(err)
		}
	}
	trust := func(change func(*keyTrustCmd)) *keyTrustCmd {
		c := &keyTrustCmd{Flags: flags, Name: "ann", Key: sign.NewKey().Public().String(), Role: "operator"}
		change(c)
		return c
	}
	if err := trust(func(*keyTrustCmd) {}).Run(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		command interface{ Run() error }
		want    string
	}{
		{&keyNewCmd{File: in("root.key")}, "exists already"},
		{&keyShowCmd{File: in("none")}, "landfall key new"},
		{&keyRingCmd{Ring: in("none")}, "landfall key trust"},
		{&keyRevokeCmd{Flags: ringFlags{Ring: in("none"), Root: flags.Root}, Key: "ann"}, "--ring"},
		{&keyRevokeCmd{Flags: ringFlags{Ring: flags.Ring, Root: in("none")}, Key: "ann"}, "--root"},
		{&keyRevokeCmd{Flags: ringFlags{Ring: flags.Ring, Root: in("other.key")}, Key: "ann"}, "the ring's root key is"},
		{&keyRevokeCmd{Flags: flags, Key: "bob"}, "no key of that name"},
		{trust(func(c *keyTrustCmd) { c.Key = "nonsense" }), "neither a public key nor a file"},
		{trust(func(c *keyTrustCmd) { c.Key = flags.Ring }), "holds neither"},
		{trust(func(c *keyTrustCmd) { c.Until = "soon" }), "--until"},
		{trust(func(c *keyTrustCmd) { c.Until = "2001-01-01" }), "in the past"},
		{trust(func(c *keyTrustCmd) { c.MaxRate = -1 }), "max-rate -1"},
		{trust(func(c *keyTrustCmd) { c.Target = []string{"10.0.0.0/99"} }), "10.0.0.0/99"},
		{trust(func(c *keyTrustCmd) { c.Name = "a b" }), "name"},
		{trust(func(c *keyTrustCmd) { c.Role = "driver" }), "name ann"},
	} {
		var usage *exit.UsageError
		if err := c.command.Run(); !errors.As(err, &usage) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T: %v, want %q", c.command, err, c.want)
		}
	}
}
