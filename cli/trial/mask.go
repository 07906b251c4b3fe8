package trial

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// Mask redacts secrets and what functions compute from them, credentials in headers, cookies, and tokens that steps extract from responses. The zero Mask redacts nothing.
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
	keep := func(values []string) {
		for _, value := range values {
			found[value] = true
		}
	}
	for _, x := range t.Exchanges {
		keep(x.Derived)
		keep(credentials(x.Request))
		keep(credentials(x.Header))
		for _, e := range x.Extracted {
			if loadgen.IsToken(e.Name, e.Value) || x.Aside && len(e.Value) >= loadgen.ShortestToken {
				found[e.Value] = true
			}
			keep(partsOfURL(e.Value))
		}
	}
	for value := range maps.Clone(found) {
		for _, form := range evidence.Encodings(value) {
			found[form] = true
		}
	}
	delete(found, "")
	byLength := func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) }
	return Mask{on: true, values: slices.SortedFunc(maps.Keys(found), byLength)}
}

// credentials returns the values in the head of a message that are credentials by their place: in headers, cookies and parameters with
// the names of such.
func credentials(message string) (list []string) {
	add := func(value string) {
		if len(value) >= loadgen.ShortestToken {
			list = append(list, value)
		}
	}
	for line := range strings.Lines(message) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break // the body follows
		}
		name, value, header := strings.Cut(line, ": ")
		_, word, scheme := strings.Cut(value, " ")
		switch cookie, ok := cookieOf(line); {
		case ok:
			add(cookie)
		case !header:
			_, target, _ := strings.Cut(line, " ")
			list = append(list, namedInURL(target)...)
		case strings.EqualFold(name, "Location"):
			list = append(list, partsOfURL(value)...)
		case strings.HasSuffix(strings.ToLower(name), "authorization") && scheme:
			add(word)
		case loadgen.NamesCredential(name):
			add(value)
		}
	}
	return list
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
	return append(list, namedInURL(value)...)
}

// namedInURL returns the values of the parameters of a URL whose names are those of credentials.
func namedInURL(target string) (list []string) {
	target, _, _ = strings.Cut(target, " ")
	_, query, _ := strings.Cut(target, "?")
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if len(value) >= loadgen.ShortestToken && loadgen.NamesCredential(name) {
			list = append(list, value)
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
		case loadgen.NamesCredential(name) && value != "":
			lines[i] = name + ": " + loadgen.Hidden + end
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
