package importer

import (
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/importer/draft"
)

// Bounds of the values that are correlated. Shorter values are often equal by chance.
const (
	minValue  = 8      // bytes
	maxValue  = 4096   // bytes
	maxValues = 10_000 // per response
)

// candidate is a value of a response that later requests may send, with the extract that yields it.
type candidate struct {
	value, name string
	source      string // for the note, such as "JSON $.token"
	extract     loadgen.Extract
	before      string // text before the value wherever it is replaced; "": it is replaced anywhere
	url         bool   // the value is encoded as in URLs
	page        string // of a link: where the pattern must find the value first
}

// values returns the values of a response that later requests may send, longest first.
func (e *harEntry) values() (all []candidate) {
	add := func(c candidate) {
		if len(all) < maxValues && len(c.value) <= maxValue && (len(c.value) >= minValue || c.before != "") && !strings.Contains(c.before+c.value, "{{") {
			c.name = draft.VariableName(c.name)
			all = append(all, c)
		}
	}
	for _, h := range e.Response.Headers {
		if name := strings.ToLower(string(h.Name)); strings.HasPrefix(name, "x-") || loadgen.NamesCredential(name) && !strings.Contains(name, "cookie") {
			add(candidate{value: string(h.Value), name: name, source: "header " + string(h.Name), extract: loadgen.Extract{Header: string(h.Name)}})
		}
	}
	for _, c := range e.setCookies() {
		add(candidate{value: c.Value, name: c.Name, source: "cookie " + c.Name, extract: loadgen.Extract{Cookie: c.Name}})
	}
	for _, c := range slices.Concat(e.inBody(), e.inLocation()) {
		add(c)
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return len(b.value) - len(a.value) })
	return all
}

// inBody returns the values of a JSON document or page.
func (e *harEntry) inBody() (all []candidate) {
	text, ok := e.Response.Content.decoded()
	switch kind := strings.ToLower(e.Response.Content.MimeType); {
	case !ok: // binary
	case strings.Contains(kind, "json"):
		var v any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber() // keep all digits
		if decoder.Decode(&v) == nil {
			walkJSON(v, "$", "value", func(path, name, value string) {
				all = append(all, candidate{value: value, name: name, source: "JSON " + path, extract: loadgen.Extract{JSON: path}})
			})
		}
	case strings.Contains(kind, "html"):
		for _, f := range htmlFields(text) {
			value := html.UnescapeString(f.value)
			all = append(all, candidate{value: value, name: f.name, source: "field " + f.name, extract: loadgen.Extract{Regex: f.pattern, HTML: value != f.value}})
		}
		all = append(all, inLinks(text)...)
	}
	return all
}

var plainKey = field.Pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)

// setCookies returns the cookies that a response sets. Some tools record them only as headers.
func (e *harEntry) setCookies() []*http.Cookie {
	var all []*http.Cookie
	for _, c := range e.Response.Cookies {
		all = append(all, &http.Cookie{Name: string(c.Name), Value: string(c.Value)})
	}
	if len(all) > 0 {
		return all
	}
	header := http.Header{}
	for _, h := range e.Response.Headers {
		if strings.EqualFold(string(h.Name), "Set-Cookie") {
			for line := range strings.Lines(string(h.Value)) { // some tools join the Set-Cookie headers by line breaks
				header.Add("Set-Cookie", strings.TrimSpace(line))
			}
		}
	}
	return (&http.Response{Header: header}).Cookies()
}

// walkJSON visits the strings and integers of a document, with their JSONPath and the last name in it.
func walkJSON(v any, path, name string, visit func(path, name, value string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if plainKey().MatchString(key) {
				walkJSON(v[key], path+"."+key, key, visit)
			}
		}
	case []any:
		for n, item := range v {
			walkJSON(item, path+"["+strconv.Itoa(n)+"]", name, visit)
		}
	case string:
		visit(path, name, v)
	case json.Number:
		if !strings.ContainsAny(v.String(), ".eE") { // fractions have several spellings
			visit(path, name, v.String())
		}
	}
}

type htmlField struct{ name, value, pattern string }

var (
	inputTag  = field.Pattern(`<(?:input|meta)\b[^>]*>`)
	attribute = field.Pattern(`\b(name|value|content)\s*=\s*("[^"]*"|'[^']*')`)
)

// htmlFields returns the input and meta elements of a page that have a name and a value, each with a regular expression that captures
// the value.
func htmlFields(page string) (fields []htmlField) {
	for _, tag := range inputTag().FindAllString(page, -1) {
		var f htmlField
		var parts []string
		for _, m := range attribute().FindAllStringSubmatch(tag, -1) {
			quote, inside := m[2][:1], m[2][1:len(m[2])-1]
			if m[1] == "name" {
				f.name = inside
				parts = append(parts, `name\s*=\s*`+quote+regexp.QuoteMeta(inside)+quote)
			} else if f.value == "" {
				f.value = inside
				parts = append(parts, m[1]+`\s*=\s*`+quote+`([^`+quote+`]*)`+quote)
			}
		}
		if f.name != "" && f.value != "" {
			f.pattern = strings.Join(parts, `[^>]*`)
			fields = append(fields, f)
		}
	}
	return fields
}
