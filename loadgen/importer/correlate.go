package importer

import (
	"fmt"
	"index/suffixarray"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
	"landfall/loadgen/template"
)

// correlate finds values of responses that only later requests send, and replaces them by variables.
func (i *imported) correlate(steps []loadgen.Step, sent []*harEntry) {
	requests := indexed(steps)
	for n := range steps {
		for _, h := range sent[n].values() {
			senders := requests.with(h.before + h.value)
			variable := fmt.Sprintf("%s_%d", h.name, n+1)
			if len(senders) == 0 || senders[0] <= n || steps[n].Extract[variable] != (loadgen.Extract{}) || !h.first() { // the third: the name is taken
				continue
			}
			used := 0
			for _, k := range senders {
				if h.url {
					used += fillInURL(&steps[k], h, variable)
				} else {
					used += fillIn(&steps[k], h.value, variable)
				}
			}
			if used > 0 {
				if steps[n].Extract == nil {
					steps[n].Extract = map[string]loadgen.Extract{}
				}
				steps[n].Extract[variable] = h.extract
				i.note("correlated: %s of the response to %q is {{%s}} in later requests (%s)", h.source, steps[n].Name, variable, draft.Count(used, "time", "times"))
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
	url := urlOf(s)
	n += replaceWhole(url, encoded, "{{"+variable+"}}")
	n += replaceWhole(url, value, "{{"+variable+"}}")
	contentType := ""
	for name, text := range s.Headers {
		if strings.EqualFold(name, "Content-Type") {
			contentType = text
		}
		if places := replaceIn(&text, value, "{{"+variable+"}}", isToken); places > 0 {
			s.Headers[name] = text
			n += places
		}
	}
	if template.PlaceOfBody(contentType, s.Body) == template.InForm {
		return n + replaceWhole(&s.Body, encoded, "{{urlencode "+variable+"}}")
	}
	return n + replaceWhole(&s.Body, value, "{{"+variable+"}}")
}

// fillInURL replaces a value, encoded as in URLs, in URLs, forms and headers.
func fillInURL(s *loadgen.Step, c candidate, variable string) (n int) {
	whole, by := c.before+c.value, c.before+"{{raw "+variable+"}}"
	n += replaceWhole(urlOf(s), whole, by)
	n += replaceWhole(&s.Body, whole, by)
	for name, text := range s.Headers {
		if places := replaceIn(&text, whole, by, isToken); places > 0 {
			s.Headers[name] = text
			n += places
		}
	}
	return n
}

// urlOf returns the field of a step that contains its URL.
func urlOf(s *loadgen.Step) *string {
	_, url, _ := s.Request()
	for _, field := range []*string{&s.Get, &s.Post, &s.Put, &s.Patch, &s.Delete, &s.Head} {
		if *field != "" && *field == url {
			return field
		}
	}
	return &s.Options
}

// isToken reports whether a character may be part of a token in a header, such as a JWT.
func isToken(c byte) bool { return c == '.' || isName(c) }

// replaceWhole replaces a value where it is not part of a longer word, and returns the number of replacements.
func replaceWhole(text *string, value, by string) int { return replaceIn(text, value, by, isName) }

// replaceIn is like [replaceWhole], for words of other characters.
func replaceIn(text *string, value, by string, inWord func(byte) bool) (n int) {
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
		if i > 0 && inWord(rest[i-1]) || end < len(rest) && inWord(rest[end]) {
			b.WriteString(rest[:end])
		} else {
			b.WriteString(rest[:i] + by)
			n++
		}
		rest = rest[end:]
	}
}
