package form

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// nextHeader is where a header ends in a line of several: before a name (RFC 9110 §5.1), a colon and a space.
var nextHeader = regexp.MustCompile("; *([-!#$%&'*+.^_`|~0-9A-Za-z]+): ")

// setHeaders reads headers in a line. Those that were not edited stay as they are.
func setHeaders(d *Draft, text string) error {
	if text == strings.TrimSpace(HeadersText(d.Spec.Headers)) && text != "" {
		return nil
	}
	headers, err := ParseHeaders(SplitHeaders(text))
	d.Spec.Headers = headers
	return err
}

// SplitHeaders is a line of headers as one each. A ; is a value's own unless another header's name follows it.
func SplitHeaders(text string) (parts []string) {
	for {
		at := nextHeader.FindStringSubmatchIndex(text)
		if at == nil {
			return append(parts, strings.TrimRight(strings.TrimSpace(text), "; "))
		}
		parts, text = append(parts, text[:at[0]]), text[at[2]:]
	}
}

// ParseHeaders reads one header from each line. No name may come twice.
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

// HeadersText is headers in a line.
func HeadersText(h map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		parts = append(parts, name+": "+h[name])
	}
	return strings.Join(parts, "; ")
}
