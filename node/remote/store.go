package remote

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"landfall/node"
	"landfall/node/remote/hosts"
)

// Plan is a fleet as stored on the operator's machine, so that other shells can query and stop it.
type Plan struct {
	Config
	Named []NamedFile `json:"files"`
}

// NamedFile is a local file named by a flag of the drivers; its content is not stored.
type NamedFile struct {
	Flag   string `json:"flag"`
	Path   string `json:"path"`
	Driver string `json:"driver,omitempty"` // the driver that gets the flag, whose host gets the file; "": all
}

// Whole returns the configuration with the current content of the files.
func (p Plan) Whole() (Config, error) {
	c := p.Config
	for i, f := range p.Named {
		data, err := os.ReadFile(f.Path)
		if err != nil {
			return c, fmt.Errorf("%s: %w", f.Flag, err)
		}
		c.Files = append(c.Files, hosts.File{Flag: f.Flag, Name: fmt.Sprint("file", i), Data: data, Driver: f.Driver})
	}
	return c, nil
}

// Store is the folder of one fleet.
type Store struct{ Dir string }

// StoreOf returns the store of the named fleet within the data folder.
func StoreOf(data, name string) (Store, error) {
	if err := node.CheckID("--fleet", name); err != nil {
		return Store{}, err
	}
	return Store{Dir: filepath.Join(data, "fleets", name)}, nil
}

// ErrUnknown means that no fleet of that name was ever started here.
var ErrUnknown = errors.New("no fleet of this name is known here (landfall fleet up starts one)")

// Plan reads the plan.
func (s Store) Plan() (p Plan, err error) {
	err = s.read("plan.json", &p)
	if errors.Is(err, os.ErrNotExist) {
		err = ErrUnknown
	}
	return p, err
}

// SavePlan writes the plan.
func (s Store) SavePlan(p Plan) error { return s.write("plan.json", p) }

// States reads the states last written by the supervising process; none if there is none.
func (s Store) States() (states []hosts.State, err error) {
	err = s.read("states.json", &states)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return states, err
}

// SaveStates writes the states.
func (s Store) SaveStates(states []hosts.State) error { return s.write("states.json", states) }

func (s Store) read(name string, into any) error {
	data, err := os.ReadFile(filepath.Join(s.Dir, name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Join(s.Dir, name), err)
	}
	return nil
}

// write replaces a file atomically.
func (s Store) write(name string, what any) error {
	data, err := json.MarshalIndent(what, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(s.Dir, name)
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
