package importer

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

// urlPart is a path segment or parameter value that seems to be specific to one user or object, as encoded in a URL.
type urlPart struct {
	name, value string
	before      string // text before the value wherever it is replaced; "": it is replaced anywhere
	pattern     string // captures the value
}

// urlParts returns the parts of a URL that seem to be specific: those that are long enough and have a digit.
func urlParts(ref string) (parts []urlPart) {
	ref, _, _ = strings.Cut(ref, "#")
	place, query, _ := strings.Cut(ref, "?")
	previous := ""
	for segment := range strings.SplitSeq(pathOf(place), "/") {
		if isMade(segment) && previous != "" {
			parts = append(parts, urlPart{name: previous, value: segment, pattern: "/" + regexp.QuoteMeta(previous) + `/([^/?#"'<>\s]+)`})
		}
		previous = segment
	}
	for pair := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(pair, "="); isMade(value) {
			parts = append(parts, urlPart{name: name, value: value, pattern: `[?&;]` + regexp.QuoteMeta(name) + `=([^&#"'<>\s]+)`})
		}
	}
	return parts
}

func isMade(part string) bool {
	return len(part) >= minValue && strings.ContainsAny(part, "0123456789")
}

// pathOf removes scheme and host from a URL without query.
func pathOf(place string) string {
	if _, rest, ok := strings.Cut(place, "//"); ok {
		_, path, _ := strings.Cut(rest, "/")
		return "/" + path
	}
	return place
}

// newID returns the last segment of a URL, such as /orders/17, if it is a number and the request created the object. Numbers are often
// equal by chance, so it is only replaced after the same path.
func newID(ref string) (parts []urlPart) {
	place, _, _ := strings.Cut(ref, "?")
	place = pathOf(strings.TrimSuffix(place, "/"))
	end := strings.LastIndexByte(place, '/') + 1
	if before, number := place[:end], place[end:]; len(before) > 2 && before[0] == '/' && len(number) < minValue && digits().MatchString(number) {
		name := before[strings.LastIndexByte(before[:end-1], '/')+1 : end-1]
		parts = append(parts, urlPart{name: name, value: number, before: before, pattern: regexp.QuoteMeta(before) + `([0-9]+)`})
	}
	return parts
}

var digits = field.Pattern(`^[0-9]+$`)

// location returns the URL of a response's Location header.
func (e *harEntry) location() string {
	for _, h := range e.Response.Headers {
		if strings.EqualFold(string(h.Name), "Location") {
			return string(h.Value)
		}
	}
	return e.Response.RedirectURL
}

// inLocation returns the parts of the Location header that later requests may send.
func (e *harEntry) inLocation() (all []candidate) {
	ref := e.location()
	parts := urlParts(ref)
	if !strings.EqualFold(e.Request.Method, "GET") {
		parts = append(parts, newID(ref)...)
	}
	for _, p := range parts {
		if captures(p.pattern, ref, p.value) {
			all = append(all, candidate{value: p.value, name: p.name, source: "header Location", extract: loadgen.Extract{Header: "Location", Regex: p.pattern}, before: p.before, url: true})
		}
	}
	return all
}

// inLinks returns the parts of the links and form actions of a page that later requests may send.
func inLinks(page string) (all []candidate) {
	for _, tag := range linkTag().FindAllStringSubmatch(page, maxValues) {
		ref := html.UnescapeString(tag[1][1 : len(tag[1])-1])
		if u, err := url.Parse(ref); err != nil || u.Scheme != "" && u.Host == "" {
			continue
		}
		for _, p := range urlParts(ref) {
			all = append(all, candidate{value: p.value, name: p.name, source: "link " + p.name, extract: loadgen.Extract{Regex: p.pattern}, url: true, page: page})
		}
	}
	return all
}

var linkTag = field.Pattern(`<(?:a|form)\b[^>]*?\s(?:href|action)\s*=\s*("[^"]*"|'[^']*')`)

// first reports whether a link is the first of its page that its pattern matches. Others cannot be extracted.
func (c *candidate) first() bool { return c.page == "" || captures(c.extract.Regex, c.page, c.value) }

// captures reports whether the first match of a pattern in a text captures a value.
func captures(pattern, text, value string) bool {
	expr, err := regexp.Compile(pattern)
	if err != nil {
		return false
	}
	m := expr.FindStringSubmatch(text)
	return m != nil && m[1] == value
}
