package environ

import (
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen/field"
	"landfall/loadgen/yamltree"
)

// maxConfig bounds a configuration file, in bytes.
const maxConfig = 1 << 20

// Flags resolves flags from a YAML file with their long names as keys. Flags shared by all commands are at the top level, those of one
// command in a section of its name. The environment overrides the file. Invalid files and unknown names are reported by Validate, as a
// [field.FileError].
func Flags(r io.Reader) (kong.Resolver, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxConfig+1))
	if err != nil {
		return nil, err
	}
	c := &config{file: "configuration file", entries: map[string]entry{}}
	if named, ok := r.(interface{ Name() string }); ok {
		c.file = named.Name()
	}
	root, err := yamltree.Parse(c.file, data, maxConfig)
	if err == nil {
		err = c.add("", root)
	}
	c.malformed = err
	return c, nil
}

// config holds the values of a configuration file by dotted path, such as run.rate.
type config struct {
	file      string
	entries   map[string]entry
	malformed error // returned by Validate: kong puts the file's name before an error of Flags, which has it already
}

type entry struct {
	value any
	line  int
}

func (c *config) wrong(line int, format string, args ...any) error {
	return &field.FileError{File: c.file, Line: line, Column: min(line, 1), Problem: fmt.Sprintf(format, args...)}
}

// add collects the entries of a mapping. Each nested mapping is also kept as a value, because only the commands determine whether it is a
// section or the value of a flag.
func (c *config) add(at string, n ast.Node) error {
	if n == nil || n.Type() == ast.NullType || n.Type() == ast.CommentType {
		return nil
	}
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		if at == "" {
			return c.wrong(n.GetToken().Position.Line, "must be flags and their values, such as brokers: kafka:9092")
		}
		return nil
	}
	for _, v := range values {
		line := v.Key.GetToken().Position.Line
		path := strings.TrimPrefix(at+"."+v.Key.GetToken().Value, ".")
		var value any
		if err := yaml.NodeToValue(v.Value, &value); err != nil {
			return c.wrong(line, "%s: not a valid value", path)
		}
		if value != nil {
			c.entries[path] = entry{value, line}
		}
		if err := c.add(path, v.Value); err != nil {
			return err
		}
	}
	return nil
}

// Resolve returns the value of a flag, or nil if the file has none or the environment overrides it.
func (c *config) Resolve(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	name := strings.Join(append(section(parent.Node(), flag), flag.Name), ".")
	e, ok := c.entries[name]
	if !ok {
		return nil, nil
	}
	if kind := reflect.ValueOf(e.value).Kind(); kind == reflect.Slice && !flag.IsSlice() || kind == reflect.Map && !flag.IsMap() {
		return nil, c.wrong(e.line, "%s: must be a single value", name)
	}
	trial := reflect.New(flag.Target.Type()).Elem()
	if err := flag.Parse(kong.Scan().PushTyped(e.value, kong.FlagValueToken), trial); err != nil {
		return nil, c.wrong(e.line, "%s", Explain(err, name))
	}
	return e.value, nil
}

// Validate reports a malformed file, names that are not flags, and single values in place of a section.
func (c *config) Validate(app *kong.Application) error {
	if c.malformed != nil {
		return c.malformed
	}
	known, elsewhere := map[string]bool{}, map[string]string{}
	collect(app.Node, known, elsewhere)
	wrong, line := "", 0
	for path, e := range c.entries {
		if inMap(path, known) && (!isSection(path, known) || reflect.ValueOf(e.value).Kind() == reflect.Map) {
			continue
		}
		if wrong == "" || e.line < line || e.line == line && path < wrong {
			wrong, line = path, e.line
		}
	}
	if wrong == "" {
		return nil
	}
	if known[wrong] {
		return c.wrong(line, "%s: must be a section of flags and their values", wrong)
	}
	if command := elsewhere[wrong]; command != "" {
		return c.wrong(line, "%s: a flag of %s: write it in a section %s:", wrong, command, command)
	}
	names := slices.Concat(slices.Sorted(maps.Keys(known)), slices.Sorted(maps.Keys(elsewhere)))
	if near := field.Nearest(wrong, names); near != "" {
		if command := elsewhere[near]; command != "" && !known[near] {
			near = strings.ReplaceAll(command, " ", ".") + "." + near
		}
		return c.wrong(line, "unknown flag %q: did you mean %s?", wrong, near)
	}
	return c.wrong(line, "unknown flag %q", wrong)
}

// collect fills known with the paths of all flags and sections, and elsewhere with a command for each flag name without its path.
func collect(n *kong.Node, known map[string]bool, elsewhere map[string]string) {
	for _, f := range n.Flags {
		commands := section(n, f)
		known[strings.Join(append(commands, f.Name), ".")] = true
		if len(commands) > 0 && elsewhere[f.Name] == "" {
			elsewhere[f.Name] = strings.Join(commands, " ")
		}
		if f.IsMap() {
			known[strings.Join(append(commands, f.Name), ".")+".*"] = true
		}
	}
	for _, child := range n.Children {
		known[strings.Join(path(child), ".")] = true
		collect(child, known, elsewhere)
	}
}

// isSection reports whether a path is the section of a command, which has flags below it.
func isSection(path string, known map[string]bool) bool {
	for name := range known {
		if strings.HasPrefix(name, path+".") && name != path+".*" {
			return true
		}
	}
	return false
}

// inMap reports whether a path is a flag, a section, or an entry of a flag that is a map.
func inMap(path string, known map[string]bool) bool {
	if known[path] {
		return true
	}
	for i := strings.LastIndexByte(path, '.'); i > 0; i = strings.LastIndexByte(path[:i], '.') {
		if known[path[:i]+".*"] {
			return true
		}
	}
	return false
}
