package loadgen

import (
	"regexp"
	"strings"
)

// ShortestToken is how many bytes a value has that is hidden wherever it stands: a shorter one may be a part of anything.
const ShortestToken = 8

// tokenName matches names of variables that hold what gives access.
var tokenName = regexp.MustCompile(`(?i)token|csrf|xsrf|session|secret|passw|auth|jwt|nonce|sid$|key$`)

// IsToken tells whether a value that a step has taken from a response may give access: by its variable's name, or since it mixes letters
// and digits as tokens do.
func IsToken(name, value string) bool {
	if len(value) < ShortestToken || strings.ContainsAny(value, " \n") || strings.HasPrefix(value, "/") || strings.Contains(value, "://") {
		return false
	}
	letter := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
	return tokenName.MatchString(name) || strings.ContainsFunc(value, letter) && strings.ContainsAny(value, "0123456789")
}
