package yamltree

import (
	"errors"
	"strings"
	"testing"

	"landfall/loadgen/field"
)

func TestErrorsHavePositions(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"too long":         {strings.Repeat("a", 101), "f.yaml: has 101 bytes: must be at most 100"},
		"not UTF-8":        {"a: \xff", "f.yaml: not valid UTF-8"},
		"deep brackets":    {strings.Repeat("[", 100), ""}, // the parser's own error
		"two documents":    {"a: 1\n---\nb: 2\n", "f.yaml:3:1: a second document"},
		"a tab for spaces": {"a:\n\tb: 1\n", "f.yaml:2:1: "},
	} {
		_, err := Parse("f.yaml", []byte(c.text), 100)
		var at *field.FileError
		if !errors.As(err, &at) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for _, deep := range []string{strings.Repeat("[", 2000), strings.Repeat("- ", 2000)} {
		if _, err := Parse("f.yaml", []byte(deep), 1e6); err == nil || !strings.Contains(err.Error(), "nested more than 500 deep") {
			t.Errorf("%.9s…: %v", deep, err)
		}
	}
}

func TestOneDocument(t *testing.T) {
	for text, empty := range map[string]bool{"": true, "# nothing\n": true, "a: 1\n": false, "%YAML 1.2\n---\na: 1\n": false, "\ufeffa: 1": false} {
		root, err := Parse("", []byte(text), 100)
		if err != nil || (root == nil) != empty {
			t.Errorf("%q: %v, %v", text, root, err)
		}
	}
	root, _ := Parse("f.yaml", []byte("\n\n  a: 1\n"), 100)
	if err := At("f.yaml", root, "a: %d", 7); err.Error() != "f.yaml:3:3: a: 7" {
		t.Error(err)
	}
}
