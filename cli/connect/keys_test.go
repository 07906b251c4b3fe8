package connect

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/cli/exit"
	"landfall/node"
	"landfall/node/membus"
	"landfall/node/sign"
)

func TestKeyFlags(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	root, ann, d1 := sign.NewKey(), sign.NewKey(), sign.NewKey()
	ring, err := sign.NewRing(root).Next(root, nil, func(list *[]sign.Member) error {
		*list = []sign.Member{{Public: ann.Public(), Signer: node.Signer{Name: "ann", Role: node.RoleOperator}}, {Public: d1.Public(), Signer: node.Signer{Name: "d1", Role: node.RoleDriver}}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{ring.Save(in("ring")), ann.Save(in("ann.key")), d1.Save(in("d1.key")), d1.Save(in("open.key")),
		os.Chmod(in("open.key"), 0o644), ring.Save(in("shared")), os.Chmod(in("shared"), 0o666), os.WriteFile(in("broken"), ring.Text()[:100], 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	for _, c := range []struct {
		ring, key, driver string
		want              string // "": accepted
	}{
		{"", "", "", ""},
		{"ring", "", "", ""},
		{"ring", "ann.key", "", ""},
		{"ring", "d1.key", "d1", ""},
		{"", "ann.key", "", "--sign-key"},
		{"none", "", "", "--fleet-keys"},
		{"broken", "", "", "copied in part"},
		{"shared", "", "", "chmod go-w"},
		{"ring", "none", "", "landfall key new"},
		{"ring", "open.key", "d1", "chmod 600"},
		{"ring", "ring", "", "--sign-key"},
		{"ring", "d1.key", "d2", "not of a driver named d2"},
		{"ring", "ann.key", "d1", "not of a driver named d1"},
	} {
		f := KeyFlags{}
		if c.ring != "" {
			f.Ring = in(c.ring)
		}
		if c.key != "" {
			f.Key = in(c.key)
		}
		s, err := f.Sign(membus.New(), "landfall.", c.driver, log)
		if err == nil {
			s.Close()
		}
		for _, err := range []error{err, f.Check(c.driver)} {
			var usage *exit.UsageError
			if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &usage) || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%s %s as %q: %v, want %q", c.ring, c.key, c.driver, err, c.want)
			}
		}
	}
}
