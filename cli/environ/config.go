package environ

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"

	"landfall/loadgen/yamltree"
)

// maxConfig bounds a configuration file, in bytes.
const maxConfig = 1 << 20

// Flags resolves flags from a YAML file of their long names. What the environment says goes before it. A name that no flag
// has is an error.
func Flags(r io.Reader) (kong.Resolver, error) {
	values := flagValues{}
	name := "configuration file"
	if f, ok := r.(*os.File); ok {
		name = f.Name()
	}
	data, err := io.ReadAll(io.LimitReader(r, maxConfig+1))
	if err != nil {
		return nil, err
	}
	root, err := yamltree.Parse(name, data, maxConfig)
	if err != nil || root == nil {
		return values, err
	}
	if err := yaml.NodeToValue(root, &values); err != nil {
		return nil, yamltree.Error(name, err)
	}
	return values, nil
}

// flagValues are what a configuration file gives flags, by their long names.
type flagValues map[string]any

func (v flagValues) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	return v[flag.Name], nil
}

func (v flagValues) Validate(app *kong.Application) error {
	unknown := maps.Clone(v)
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			delete(unknown, flag.Name)
		}
		return next(nil)
	})
	if err != nil || len(unknown) == 0 {
		return err
	}
	return fmt.Errorf("configuration file: no flag is called %s", strings.Join(slices.Sorted(maps.Keys(unknown)), ", "))
}
