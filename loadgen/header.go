package loadgen

import "strings"

// single are headers that a request has once at most: several values cannot be joined.
var single = map[string]bool{
	"host": true, "authorization": true, "content-type": true, "user-agent": true, "referer": true, "origin": true, "range": true,
	"if-modified-since": true, "if-unmodified-since": true, "if-range": true, "from": true, "max-forwards": true, "date": true,
}

// JoinHeader makes one value of those of several lines of a header, which means the same to a server (RFC 9110 section 5.3;
// Cookie: RFC 9113 section 8.2.3), since a spec holds each header once. It reports false if the header cannot have several.
func JoinHeader(name string, values []string) (value string, ok bool) {
	name = strings.ToLower(name)
	if len(values) > 1 && single[name] {
		return "", false
	}
	separator := ", "
	if name == "cookie" {
		separator = "; "
	}
	return strings.Join(values, separator), true
}
