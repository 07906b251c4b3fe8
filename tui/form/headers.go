package form

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// nextHeader matches the end of a header in a line of several: before a name (RFC 9110 §5.1), a colon and a
// space.
var nextHeader = regexp.MustCompile("; *([-!#$%&'*+.^_`|~0-9A-Za-z]+): ")

// setHeaders parses headers in a line. Headers that were not edited are unchanged.
func setHeaders(d *Draft, text string) error {
	if text == strings.TrimSpace(HeadersText(d.Spec.Headers)) && text != "" {
		return nil
	}
	headers, err := ParseHeaders(SplitHeaders(text))
	d.Spec.Headers = headers
	return err
}

// SplitHeaders splits a line into headers. A semicolon belongs to a value unless another header's name
// follows it.
func SplitHeaders(text string) (parts []string) {
	for {
		at := nextHeader.FindStringSubmatchIndex(text)
		if at == nil {
			return append(parts, strings.TrimRight(strings.TrimSpace(text), "; "))
		}
		parts, text = append(parts, text[:at[0]]), text[at[2]:]
	}
}

// ParseHeaders parses one header per line. A name must not occur twice.
func ParseHeaders(lines []string) (map[string]string, error) {
	headers, seen := map[string]string{}, map[string]bool{}
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return nil, fmt.Errorf("headers %q: must be Name: value, with ; between two", strings.TrimSpace(line))
		}
		if key := http.CanonicalHeaderKey(name); seen[key] {
			return nil, fmt.Errorf("headers %q: is given twice", name)
		} else {
			seen[key] = true
		}
		headers[name] = strings.TrimSpace(value)
	}
	if len(headers) == 0 {
		return nil, nil
	}
	return headers, nil
}

// HeadersText joins headers to a line.
func HeadersText(h map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		parts = append(parts, name+": "+h[name])
	}
	return strings.Join(parts, "; ")
}
