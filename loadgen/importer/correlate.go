package importer

import (
	"encoding/json"
	"fmt"
	"index/suffixarray"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
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
}

// correlate finds values of responses that only later requests send, and replaces them by variables.
func (i *imported) correlate(steps []loadgen.Step, sent []*harEntry) {
	requests := indexed(steps)
	for n := range steps {
		for _, h := range sent[n].values() {
			senders := requests.with(h.value)
			variable := fmt.Sprintf("%s_%d", h.name, n+1)
			if len(senders) == 0 || senders[0] <= n || steps[n].Extract[variable] != (loadgen.Extract{}) { // the last: the name is taken
				continue
			}
			used := 0
			for _, k := range senders {
				used += fillIn(&steps[k], h.value, variable)
			}
			if used > 0 {
				if steps[n].Extract == nil {
					steps[n].Extract = map[string]loadgen.Extract{}
				}
				steps[n].Extract[variable] = h.extract
				i.note("correlated: %s of the response to %q is {{%s}} in later requests (%s)", h.source, steps[n].Name, variable, plural(used, "time", "times"))
			}
		}
	}
}

// requestIndex finds the requests that send a value, in a time that hardly depends on how many there are.
type requestIndex struct {
	text *suffixarray.Index // of all requests
	ends []int              // of each request in it
}

func indexed(steps []loadgen.Step) requestIndex {
	var text []byte
	ends := make([]int, len(steps))
	for n := range steps {
		text = append(text, requestText(&steps[n])...)
		ends[n] = len(text)
	}
	return requestIndex{suffixarray.New(text), ends}
}

// with returns the requests that send a value, as it is or encoded as in URLs, in their order.
func (r requestIndex) with(value string) (requests []int) {
	places := r.text.Lookup([]byte(value), -1)
	if encoded := string(template.URLPart.Append(nil, value)); encoded != value {
		places = append(places, r.text.Lookup([]byte(encoded), -1)...)
	}
	for _, at := range places {
		n, _ := slices.BinarySearch(r.ends, at+1)
		requests = append(requests, n)
	}
	slices.Sort(requests)
	return slices.Compact(requests)
}

func requestText(s *loadgen.Step) string {
	_, url, _ := s.Request()
	text := url + "\n" + s.Body + "\n"
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		text += s.Headers[name] + "\n"
	}
	return text
}

// fillIn replaces a value by a variable and returns the number of replacements.
func fillIn(s *loadgen.Step, value, variable string) (n int) {
	encoded := string(template.URLPart.Append(nil, value))
	_, url, _ := s.Request()
	for _, field := range []*string{&s.Get, &s.Post, &s.Put, &s.Patch, &s.Delete, &s.Head, &s.Options} {
		if *field != "" && *field == url {
			n += replaceWhole(field, encoded, "{{"+variable+"}}")
			n += replaceWhole(field, value, "{{"+variable+"}}")
			break
		}
	}
	contentType := ""
	for name, text := range s.Headers {
		if strings.EqualFold(name, "Content-Type") {
			contentType = text
		}
		if places := replaceWhole(&text, value, "{{"+variable+"}}"); places > 0 {
			s.Headers[name] = text
			n += places
		}
	}
	if template.PlaceOfBody(contentType, s.Body) == template.InForm {
		return n + replaceWhole(&s.Body, encoded, "{{urlencode "+variable+"}}")
	}
	return n + replaceWhole(&s.Body, value, "{{"+variable+"}}")
}

// replaceWhole replaces a value where it is not part of a longer word, and returns the number of replacements.
func replaceWhole(text *string, value, by string) (n int) {
	var b strings.Builder
	rest := *text
	for {
		i := strings.Index(rest, value)
		if i < 0 {
			b.WriteString(rest)
			*text = b.String()
			return n
		}
		end := i + len(value)
		if i > 0 && isName(rest[i-1]) || end < len(rest) && isName(rest[end]) {
			b.WriteString(rest[:end])
		} else {
			b.WriteString(rest[:i] + by)
			n++
		}
		rest = rest[end:]
	}
}

// values returns the values of a response that later requests may send, longest first.
func (e *harEntry) values() (all []candidate) {
	add := func(value, name, source string, extract loadgen.Extract) {
		if len(value) >= minValue && len(value) <= maxValue && len(all) < maxValues && !strings.Contains(value, "{{") {
			all = append(all, candidate{value, variableName(name), source, extract})
		}
	}
	for _, h := range e.Response.Headers {
		if name := strings.ToLower(string(h.Name)); strings.HasPrefix(name, "x-") {
			add(string(h.Value), name, "header "+string(h.Name), loadgen.Extract{Header: string(h.Name)})
		}
	}
	for _, c := range e.setCookies() {
		add(c.Value, c.Name, "cookie "+c.Name, loadgen.Extract{Cookie: c.Name})
	}
	text := e.Response.Content.Text
	if e.Response.Content.Encoding != "" {
		return all // binary
	}
	if kind := strings.ToLower(e.Response.Content.MimeType); strings.Contains(kind, "json") {
		var v any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber() // keep all digits
		if decoder.Decode(&v) == nil {
			walkJSON(v, "$", "value", func(path, name, value string) {
				add(value, name, "JSON "+path, loadgen.Extract{JSON: path})
			})
		}
	} else if strings.Contains(kind, "html") {
		for _, field := range htmlFields(text) {
			add(field.value, field.name, "field "+field.name, loadgen.Extract{Regex: field.pattern})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return len(b.value) - len(a.value) })
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

var notName = field.Pattern(`[^A-Za-z0-9]+`)

// variableName converts a name to letters, digits and underscores, starting with a letter.
func variableName(name string) string {
	name = strings.Trim(notName().ReplaceAllString(name, "_"), "_")
	if len(name) > 40 {
		name = name[:40]
	}
	if name == "" || name[0] <= '9' {
		name = "value_" + name
	}
	return name
}
