package hosts

import "strings"

// Quote makes one line for a POSIX shell of the words of a command: the shell takes it apart to the same words again.
func Quote(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

// Script is the command line that has a POSIX shell run a script, whatever shell the account has. It is one line, for a C
// shell takes no longer words: where the script's lines end must be of no importance.
func Script(text string) string {
	return "exec sh -c " + Quote(strings.ReplaceAll(strings.TrimSpace(text), "\n", " "))
}
