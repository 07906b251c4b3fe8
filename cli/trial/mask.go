package trial

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
)

// Mask redacts secrets, credentials in headers, cookies, and tokens that steps extract from responses. The zero Mask redacts nothing.
type Mask struct {
	on     bool
	values []string // redacted anywhere, the longest first
}

// Masking returns a [Mask] for the secrets of a spec and the tokens of a trial.
func Masking(t *Trial, secrets map[string]string) Mask {
	found := map[string]bool{}
	for _, value := range secrets {
		found[value] = true
	}
	for _, x := range t.Exchanges {
		for _, e := range x.Extracted {
			if loadgen.IsToken(e.Name, e.Value) || x.Aside && len(e.Value) >= loadgen.ShortestToken {
				found[e.Value] = true
			}
			for _, part := range partsOfURL(e.Value) {
				found[part] = true
			}
		}
		for line := range strings.Lines(x.Header) {
			if value, ok := cookieOf(line); ok && len(value) >= loadgen.ShortestToken {
				found[value] = true
			}
			if to, ok := strings.CutPrefix(line, "Location: "); ok {
				for _, part := range partsOfURL(strings.TrimSpace(to)) {
					found[part] = true
				}
			}
		}
	}
	for value := range maps.Clone(found) { // as it is sent in a query, form or path
		found[url.QueryEscape(value)], found[url.PathEscape(value)] = true, true
	}
	delete(found, "")
	byLength := func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) }
	return Mask{on: true, values: slices.SortedFunc(maps.Keys(found), byLength)}
}

func isURL(value string) bool { return strings.HasPrefix(value, "/") || strings.Contains(value, "://") }

// partsOfURL returns the segments and parameters of a URL that look like tokens, by length and mixture of characters.
func partsOfURL(value string) (list []string) {
	const shortest = 20
	if !isURL(value) {
		return nil
	}
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("/?&=#", r) }) {
		if len(part) >= shortest && loadgen.IsToken("", part) {
			list = append(list, part)
		}
	}
	return list
}

// cookieOf returns the value in a Set-Cookie line.
func cookieOf(line string) (value string, ok bool) {
	name, rest, _ := strings.Cut(line, ":")
	if !strings.EqualFold(name, "Set-Cookie") {
		return "", false
	}
	pair, _, _ := strings.Cut(rest, ";")
	_, value, ok = strings.Cut(strings.TrimSpace(pair), "=")
	return value, ok
}

// text redacts known values.
func (m Mask) text(text string) string {
	for _, value := range m.values {
		text = strings.ReplaceAll(text, value, loadgen.Hidden)
	}
	return text
}

// value redacts an extracted value, or the random parts of a URL.
func (m Mask) value(value string) string {
	if m.on && isURL(value) {
		return m.text(loadgen.RedactURL(value))
	}
	return m.text(value)
}

// message redacts known values, and credentials in headers.
func (m Mask) message(text string) string {
	if !m.on {
		return text
	}
	lines := strings.SplitAfter(m.text(text), "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			break // end of the headers
		}
		name, value, ok := strings.Cut(line, ":")
		end := line[len(strings.TrimRight(line, "\r\n")):]
		switch value = strings.TrimSpace(value); {
		case !ok:
		case strings.EqualFold(name, "Authorization"), strings.EqualFold(name, "Proxy-Authorization"):
			lines[i] = name + ": " + loadgen.Hidden + end
		case strings.EqualFold(name, "Cookie"):
			lines[i] = name + ": " + hidePairs(value) + end
		case strings.EqualFold(name, "Set-Cookie"):
			first, attributes, more := strings.Cut(value, ";")
			if lines[i] = name + ": " + hidePairs(first); more {
				lines[i] += ";" + attributes
			}
			lines[i] += end
		}
	}
	return strings.Join(lines, "")
}

// hidePairs redacts the values of cookies.
func hidePairs(text string) string {
	pairs := strings.Split(text, ";")
	for i, p := range pairs {
		if name, value, ok := strings.Cut(p, "="); ok && value != "" {
			pairs[i] = name + "=" + loadgen.Hidden
		}
	}
	return strings.Join(pairs, ";")
}
