package extract

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Bounds of a path and of the work that one search may do.
const (
	maxPath  = 1024
	maxDepth = 256 // of nested values that a ".." descends into
	// maxPasses is how often a body may be scanned for one path. Paths with several ".." could need more.
	maxPasses = 16
)

// ErrWork is returned if a path needs too much work on a body.
var ErrWork = errors.New("the path needs too much work on this body")

// Path is a compiled JSONPath (RFC 9535): $ with names, indexes from either end, wildcards and descendants. Filters, slices
// and unions are not supported.
type Path struct{ segments []segment }

type segment struct {
	name  string // quoted or dotted; "" with any or index
	index int
	kind  segmentKind
	deep  bool // ".."
}

type segmentKind uint8

const (
	byName segmentKind = iota
	byIndex
	everything
)

// ParsePath compiles a JSONPath such as $.items[0].id, $['a b'], $.items[*].price or $..token.
func ParsePath(text string) (*Path, error) {
	if len(text) > maxPath {
		return nil, fmt.Errorf("must be at most %d bytes", maxPath)
	}
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, errors.New("must start with $, as in $.user.id")
	}
	p := &Path{}
	for rest != "" {
		s, after, err := parseSegment(rest)
		if err != nil {
			return nil, err
		}
		p.segments, rest = append(p.segments, s), after
	}
	return p, nil
}

func parseSegment(text string) (s segment, rest string, err error) {
	if after, deep := strings.CutPrefix(text, ".."); deep {
		s.deep = true
		if text = after; !strings.HasPrefix(text, "[") {
			text = "." + text
		}
	}
	if strings.HasPrefix(text, "[") {
		return parseBracket(s, text)
	}
	after, ok := strings.CutPrefix(text, ".")
	if !ok {
		return s, "", fmt.Errorf("%q: expected .name or [index]", text)
	}
	end := strings.IndexAny(after, ".[")
	if end < 0 {
		end = len(after)
	}
	name := after[:end]
	switch {
	case name == "*":
		s.kind = everything
	case name == "" || strings.ContainsAny(name, " '\"()]?@,"):
		return s, "", fmt.Errorf("%q: a name must follow the dot (use ['a name'] for others)", text)
	default:
		s.name = name
	}
	return s, after[end:], nil
}

func parseBracket(s segment, text string) (segment, string, error) {
	if len(text) > 1 && (text[1] == '\'' || text[1] == '"') {
		name, rest, ok := cutQuoted(text[1:])
		if ok && strings.HasPrefix(rest, "]") {
			s.name = name
			return s, rest[1:], nil
		}
		return s, "", fmt.Errorf("%q: expected ['name']", text)
	}
	inner, rest, ok := strings.Cut(text[1:], "]")
	if ok && inner == "*" {
		s.kind = everything
		return s, rest, nil
	}
	n, err := strconv.ParseInt(inner, 10, 32)
	if !ok || err != nil {
		return s, "", fmt.Errorf("%q: expected [index], [*] or ['name']; filters, slices and unions are not supported", text)
	}
	s.kind, s.index = byIndex, int(n)
	return s, rest, nil
}

// cutQuoted takes a name in single or double quotes, with backslash escapes, from the front of text.
func cutQuoted(text string) (name, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[0]:
			return b.String(), text[i+1:], true
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}
