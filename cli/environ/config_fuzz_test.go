package environ

import (
	"bytes"
	"testing"

	"github.com/alecthomas/kong"
)

// FuzzFlags checks that any configuration file either sets flags or is refused.
func FuzzFlags(f *testing.F) {
	for _, text := range []string{"text: a\nnumber: 7\nlist: [a, b]\n", "number: x", "text: {a: b}", "- a", "&a [*a]", "unknown: 1", ""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		resolver, err := Flags(bytes.NewReader(text))
		if err != nil {
			return
		}
		var c struct {
			Text   string
			Number int
			List   []string
			Map    map[string]string
		}
		parser, err := kong.New(&c, kong.Resolvers(resolver))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = parser.Parse(nil)
	})
}
