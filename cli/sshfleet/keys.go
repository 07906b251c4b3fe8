package sshfleet

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"landfall/cli/connect"
	"landfall/node"
	"landfall/node/remote"
	"landfall/node/remote/hosts"
	"landfall/node/sign"
)

// keyFiles returns the ring, which is copied for every driver, and the private key of each driver. It returns none without --fleet-keys.
func (c *upCmd) keyFiles(list []hosts.Host) ([]remote.NamedFile, error) {
	flags := c.Kafka.Keys
	if flags.Ring == "" {
		if c.SignKeys != "" || c.Root != "" || flags.Key != "" {
			return nil, errors.New("--sign-keys, --root-key and --sign-key: need --fleet-keys")
		}
		return nil, nil
	}
	ringFile, err := filepath.Abs(flags.Ring)
	if err != nil {
		return nil, err
	}
	dir := c.SignKeys
	if dir == "" {
		dir = filepath.Dir(ringFile)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	ring, err := sign.LoadRing(ringFile)
	if err != nil {
		return nil, fmt.Errorf("--fleet-keys: %w", err)
	}
	files := []remote.NamedFile{{Flag: "--fleet-keys", Path: ringFile}}
	var names []string
	for _, h := range list {
		names = append(names, h.DriverNames()...)
	}
	if c.Root != "" {
		if ring, err = createKeys(ring, ringFile, c.Root, dir, names); err != nil {
			return nil, err
		}
	}
	if err := checkKeys(ring, dir, names); err != nil {
		return nil, err
	}
	for _, name := range names {
		files = append(files, remote.NamedFile{Flag: "--sign-key", Path: keyFile(dir, name), Driver: name})
	}
	return files, nil
}

func keyFile(dir, name string) string { return filepath.Join(dir, name+".key") }

// createKeys creates keys for drivers that have none, and writes the ring that trusts them.
func createKeys(ring *sign.Ring, ringFile, rootFile, dir string, names []string) (*sign.Ring, error) {
	root, err := connect.LoadKey(rootFile)
	if err != nil {
		return nil, fmt.Errorf("--root-key: %w", err)
	}
	var trust []sign.Member
	for _, name := range names {
		k, err := sign.LoadKey(keyFile(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			k = sign.NewKey()
			err = k.Save(keyFile(dir, name))
		}
		if err != nil {
			return nil, err
		}
		if ring.Member(k.Public()) == nil {
			trust = append(trust, sign.Member{Public: k.Public(), Signer: node.Signer{Name: name, Role: node.RoleDriver}})
		}
	}
	if len(trust) == 0 {
		return ring, nil
	}
	ring, err = ring.Next(root, nil, func(list *[]sign.Member) error {
		for _, m := range trust {
			if err := sign.Trust(m)(list); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := ring.Save(ringFile); err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "%s: version %d trusts %d more drivers\n", ringFile, ring.Version, len(trust))
	return ring, nil
}

// checkKeys reports drivers whose keys would be refused, before any host is contacted.
func checkKeys(ring *sign.Ring, dir string, names []string) error {
	var lacking []string
	for _, name := range names {
		k, err := sign.LoadKey(keyFile(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			lacking = append(lacking, name)
			continue
		case err != nil:
			return err
		}
		if m := ring.Member(k.Public()); m == nil || m.Name != name || m.Role != node.RoleDriver {
			return fmt.Errorf("key file %s: is not the key of a driver %s in the ring (add it with `landfall key trust`, or give --root-key)", keyFile(dir, name), name)
		}
	}
	if len(lacking) > 0 {
		return fmt.Errorf("no keys of drivers %s in %s (create them with `landfall key new` and `landfall key trust`, or give --root-key)", strings.Join(lacking[:min(len(lacking), 3)], ", "), dir)
	}
	return nil
}
