package agent

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"landfall/node/remote/hosts"
)

// plan describes the drivers of a folder. The author of the newest plan supervises them.
type plan struct {
	Keeper  string         `json:"keeper"`  // process that wrote it
	Session string         `json:"session"` // of the fleet's operator: after a network failure, several processes
	Binary  string         `json:"binary"`
	Drivers []hosts.Launch `json:"drivers"`
}

func (s *server) planFile() string { return filepath.Join(s.folder(), "plan") }

func (s *server) readPlan() (p plan, err error) {
	data, err := os.ReadFile(s.planFile())
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(data, &p)
}

// newPlan writes the order's plan, and returns it and the one that it replaces.
func (s *server) newPlan(binary string) (next, last plan, err error) {
	last, err = s.readPlan()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		last = plan{} // unreadable: treated as missing
	}
	next = plan{Keeper: rand.Text(), Session: s.order.Session, Binary: binary}
	for _, d := range s.order.Drivers {
		d.Args = slices.Clone(d.Args)
		d.Args = append(d.Args, "--data="+s.folder())
		for _, f := range s.order.Files {
			if f.Driver != "" && f.Driver != d.Name {
				continue
			}
			d.Args = append(d.Args, fmt.Sprintf("%s=%s", f.Flag, filepath.Join(s.folder(), f.Name)))
		}
		next.Drivers = append(next.Drivers, d)
	}
	data, err := json.Marshal(next)
	if err != nil {
		return next, last, err
	}
	return next, last, replace(s.planFile(), data)
}

// replace replaces a file atomically.
func replace(path string, data []byte) error {
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// outdated returns the drivers of the last plan that are missing or different in the next.
func outdated(last, next plan) (names []string) {
	for _, d := range last.Drivers {
		i := slices.IndexFunc(next.Drivers, func(n hosts.Launch) bool { return n.Name == d.Name })
		if i < 0 || last.Binary != next.Binary || !slices.Equal(d.Args, next.Drivers[i].Args) {
			names = append(names, d.Name)
		}
	}
	return names
}
