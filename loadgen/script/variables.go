package script

import (
	"fmt"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

func clone(known map[string]bool) map[string]bool {
	out := make(map[string]bool, len(known))
	for name := range known {
		out[name] = true
	}
	return out
}

// slot returns the index of a variable. The first call for a name adds it.
func (c *flow) slot(name string) int {
	i, ok := c.slots[name]
	if !ok {
		i = len(c.slots)
		c.slots[name] = i
	}
	c.known[name] = true
	return i
}

func (c *flow) columns(table *template.Rows) {
	for i, name := range table.Columns() {
		c.program.columns = append(c.program.columns, column{c.slot("csv." + name), table.Values(i)})
	}
}

// reserved are the keywords of expressions.
var reserved = strings.Fields("status latency body header len true false null and or not contains startsWith endsWith matches")

const maxVariableName = 64

var variableName = field.Pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)

func checkName(at, name string) error {
	switch {
	case len(name) > maxVariableName || !variableName().MatchString(name):
		return field.Wrong(at, name, "a variable name has up to 64 letters, digits and underscores, and does not start with a digit")
	case template.IsFunction(name):
		return field.Wrong(at, name, "is the name of a function")
	case slices.Contains(reserved, name):
		return field.Wrong(at, name, "is a keyword of expressions")
	}
	return nil
}

// variables compiles the variables of the spec. They may use functions, the environment and data, but not each other.
func (c *flow) variables() error {
	var list []initial
	for _, name := range sortedKeys(c.spec.Variables) {
		at := "variables." + name
		if err := checkName(at, name); err != nil {
			return err
		}
		text, err := c.text(at, c.spec.Variables[name], template.InText)
		if err != nil {
			return err
		}
		list = append(list, initial{text: text})
		c.secrets[name] = text.Secret()
	}
	for i, name := range sortedKeys(c.spec.Variables) {
		list[i].slot = c.slot(name)
	}
	c.program.initial = append(c.program.initial, list...)
	return nil
}

// variable returns the index of a variable that an earlier step sets.
func (c *flow) variable(name string) (int, error) {
	if c.known[name] {
		return c.slots[name], nil
	}
	if best := field.Nearest(name, sortedKeys(c.known)); best != "" {
		return 0, fmt.Errorf("no earlier step sets the variable %s: did you mean %s?", name, best)
	}
	return 0, fmt.Errorf("no earlier step sets the variable %s", name)
}

// constants resolves node, and env.NAME and secret.NAME as they were set when the spec was composed.
func constants(spec *loadgen.Spec, nodeID string) func(name string) (string, bool, error) {
	return func(name string) (string, bool, error) {
		if name == "node" {
			return nodeID, true, nil
		}
		for prefix, values := range map[string]map[string]string{"env.": spec.Env, "secret.": spec.Secrets} {
			if key, ok := strings.CutPrefix(name, prefix); ok {
				value, ok := values[key]
				if !ok {
					return "", false, fmt.Errorf("%s is not set: use -e %s=value or set it in the environment", name, key)
				}
				return value, true, nil
			}
		}
		return "", false, nil
	}
}

func (c *flow) templateNames() template.Names {
	return template.Names{Variable: c.variable, Constant: constants(c.spec, c.o.NodeID), Secret: c.holdsSecret, Derived: c.o.Derived}
}

// holdsSecret reports whether a constant or variable is a secret, was set with one or by setup, or has the name of a credential.
func (c *flow) holdsSecret(name string) bool {
	_, setup := c.o.Setup[name]
	return isSecret(name) || setup || c.secrets[name] || variableName().MatchString(name) && loadgen.NamesCredential(name)
}

func isSecret(name string) bool { return strings.HasPrefix(name, "secret.") }

func (c *flow) text(at, text string, where template.Place) (template.Template, error) {
	return template.Parse(at, text, where, c.templateNames())
}
