package hosts

import "strings"

// Quote quotes the words of a command for a POSIX shell.
func Quote(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

// Script returns a command line that runs a script with a POSIX shell from any account's shell. It is a
// single line, which a C shell requires, so the script must not depend on its line breaks.
func Script(text string) string {
	return "exec sh -c " + Quote(strings.ReplaceAll(strings.TrimSpace(text), "\n", " "))
}
