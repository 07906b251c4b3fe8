package specflags

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"landfall/loadgen"
)

// split returns which argument is a spec file and which a URL. An address without a scheme becomes an http URL, unless a file has
// that name.
func (f Flags) split(args []string) (file, target string, err error) {
	for _, a := range args {
		slot := &file
		if _, missing := os.Stat(a); missing != nil && loadgen.WithScheme(a) != a {
			a = loadgen.WithScheme(a)
			f.note("no scheme given: using " + a)
		}
		if strings.Contains(a, "://") || strings.HasPrefix(a, "unix:") {
			slot = &target
		}
		if base, fragment, has := strings.Cut(a, "#"); has && slot == &target {
			f.note("the fragment #" + fragment + " is not sent: using " + base)
			a = base
		}
		if *slot != "" {
			return "", "", fmt.Errorf("%q and %q: give at most one spec file and one URL (a spec file can list several requests)", *slot, a)
		}
		*slot = a
	}
	if file == "" && target == "" {
		return "", "", errors.New("no target: give a URL, such as http://127.0.0.1:8080/ping, or a spec file")
	}
	return file, target, nil
}
