package field

import (
	"regexp"
	"sync"
)

// Pattern returns a regular expression that is compiled when it is first asked for: of the program's many, which would take some
// 300 KB, a process needs few.
func Pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
