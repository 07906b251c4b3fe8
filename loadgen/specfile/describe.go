package specfile

import (
	_ "embed"
	"maps"
	"strings"
	"sync"
)

//go:generate go test . -run TestDescriptionsAreCurrent -update-descriptions

// descriptionText holds a line "Type.field<TAB>text" for each field of a spec file and "Type<TAB>text" for each type, taken from the
// doc comments of package loadgen.
//
//go:embed descriptions.txt
var descriptionText string

// descriptions are the lines of descriptionText by what they describe.
var descriptions = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(descriptionText) {
		if what, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
			m[what] = text
		}
	}
	return m
})

// described is a node of a schema with the description of a field or type, if there is one.
func described(node object, what string) object {
	text, ok := descriptions()[what]
	if !ok {
		return node
	}
	node = maps.Clone(node) // forms are shared
	node["description"] = text
	return node
}
