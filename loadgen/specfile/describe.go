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

// descriptions returns the texts of descriptionText by "Type.field" or "Type".
var descriptions = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(descriptionText) {
		if what, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
			m[what] = text
		}
	}
	return m
})

// described adds the description of a field or type to a node of a schema.
func described(node object, what string) object {
	text, ok := descriptions()[what]
	if !ok {
		return node
	}
	node = maps.Clone(node) // textForm and durationForm are shared
	node["description"] = text
	return node
}
