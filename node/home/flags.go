package home

import (
	"errors"
	"io"
	"os"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// Flags resolves flags from a YAML file of their long names. What the environment says goes before it.
func Flags(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := yaml.NewDecoder(r).Decode(&values); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, env := range flag.Envs {
			if _, set := os.LookupEnv(env); set {
				return nil, nil
			}
		}
		return values[flag.Name], nil
	}), nil
}
