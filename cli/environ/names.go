package environ

import (
	"strings"

	"github.com/alecthomas/kong"
)

// Common is the group of flags with the same meaning in every command: how to reach Kafka, and the keys of a fleet.
const Common = "Kafka"

// Variables assigns an environment variable to every flag: LANDFALL_BROKERS for a flag shared by all commands, LANDFALL_TARGET_DELAY for
// a flag of one command.
func Variables() kong.Option {
	return kong.PostBuild(func(k *kong.Kong) error {
		return kong.Visit(k.Model, func(n kong.Visitable, next kong.Next) error {
			if node, ok := n.(*kong.Node); ok {
				for _, f := range node.Flags {
					setVariable(node, f)
				}
			}
			if app, ok := n.(*kong.Application); ok {
				for _, f := range app.Flags {
					setVariable(app.Node, f)
				}
			}
			return next(nil)
		})
	})
}

func setVariable(node *kong.Node, f *kong.Flag) {
	var names []string
	if f.Name != "help" && (len(f.Envs) == 0 || f.Envs[0] != "-") {
		names = []string{variableOf(append(section(node, f), f.Name))}
	}
	f.Envs, f.Tag.Envs = names, names
}

// variableOf returns the environment variable of a flag at a path of commands.
func variableOf(path []string) string {
	return prefix + strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(strings.Join(path, "_")))
}

// section returns the command path that qualifies a flag in configuration files and the environment; it is empty for shared flags.
func section(node *kong.Node, f *kong.Flag) []string {
	if f.Group != nil && f.Group.Key == Common {
		return nil
	}
	return path(node)
}

// path returns the names of a command and its parents, without the program's.
func path(n *kong.Node) (names []string) {
	for ; n.Parent != nil; n = n.Parent {
		names = append([]string{n.Name}, names...)
	}
	return names
}
