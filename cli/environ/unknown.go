package environ

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"landfall/loadgen/field"
)

const prefix = "LANDFALL_"

// foreign matches variables that are not meant for the program: those that scripts use to install it, and those that Kubernetes sets for
// every service of a namespace, such as LANDFALL_BROKER_SERVICE_HOST.
var foreign = field.Pattern(`^LANDFALL_(URL|VERSION)$|_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$`)

// Unknown returns a message for each variable in environment, which has the form NAME=VALUE, that begins with LANDFALL_ but sets no
// flag. Variables with the prefix of another command than this one are not reported. Values may be secret and are not shown.
func Unknown(root, command *kong.Node, environment []string) (messages []string) {
	own, known := map[string]bool{}, map[string]bool{}
	var others []string
	var visit func(n *kong.Node)
	visit = func(n *kong.Node) {
		mine := contains(n, command)
		if !mine {
			others = append(others, variableOf(path(n))+"_")
		}
		for _, f := range n.Flags {
			for _, name := range f.Envs {
				known[name], own[name] = true, own[name] || mine
			}
		}
		for _, c := range n.Children {
			visit(c)
		}
	}
	visit(root)
	slices.Sort(environment)
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		elsewhere := slices.ContainsFunc(others, func(other string) bool { return strings.HasPrefix(name, other) })
		if strings.HasPrefix(name, prefix) && !known[name] && !elsewhere && !foreign().MatchString(name) {
			messages = append(messages, fmt.Sprintf("%s: no flag has this environment variable%s", name, hint(name, command, own)))
		}
	}
	return messages
}

// contains reports whether command is n or below it.
func contains(n, command *kong.Node) bool {
	for ; command != nil; command = command.Parent {
		if command == n {
			return true
		}
	}
	return false
}

// hint suggests one of the variables of a command, which may lack the name of the command, or says where they are listed.
func hint(name string, command *kong.Node, own map[string]bool) string {
	rest := strings.TrimPrefix(name, prefix)
	if full := variableOf(append(path(command), rest)); own[full] {
		return ": did you mean " + full + "?"
	}
	var names []string
	for _, full := range slices.Sorted(maps.Keys(own)) {
		if own[full] {
			names = append(names, strings.TrimPrefix(full, prefix))
		}
	}
	if near := field.Nearest(rest, names); near != "" {
		return ": did you mean " + prefix + near + "?"
	}
	return fmt.Sprintf(" (landfall %s --help lists those of its flags)", strings.Join(path(command), " "))
}
