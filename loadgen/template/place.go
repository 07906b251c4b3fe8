package template

import "strings"

// Place is where a template stands. It decides how the values that are filled in are encoded, unless a placeholder says
// raw.
type Place uint8

const (
	InText   Place = iota // values as they are
	InJSON                // a JSON text: inside its strings as a JSON string wants them, outside as they are
	InForm                // application/x-www-form-urlencoded
	InHeader              // a header's value
	InURL                 // a request's target: path and query
)

// position follows a template's text from left to right and knows how a value that comes next is encoded.
type position struct {
	place    Place
	inString bool // of JSON
}

// pass moves over literal text.
func (p *position) pass(text string) {
	if p.place != InJSON {
		return
	}
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && p.inString:
			i++
		case text[i] == '"':
			p.inString = !p.inString
		}
	}
}

// encoding is that of a value here.
func (p *position) encoding(raw bool) Encoding {
	switch {
	case p.place == InHeader:
		return HeaderValue
	case p.place == InURL && raw:
		return URLText
	case raw:
		return Verbatim
	case p.place == InURL || p.place == InForm:
		return URLPart
	case p.inString:
		return JSONString
	}
	return Verbatim
}

// PlaceOfBody is where a body's values stand, by its Content-Type or, if there is none, by its beginning.
func PlaceOfBody(contentType, body string) Place {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch kind = strings.TrimSpace(kind); {
	case kind == "application/x-www-form-urlencoded":
		return InForm
	case strings.HasSuffix(kind, "/json"), strings.HasSuffix(kind, "+json"):
		return InJSON
	case kind == "" && strings.HasPrefix(strings.TrimLeft(body, " \t\r\n"), "{") && !strings.HasPrefix(strings.TrimLeft(body, " \t\r\n"), "{{"),
		kind == "" && strings.HasPrefix(strings.TrimLeft(body, " \t\r\n"), "["):
		return InJSON
	}
	return InText
}
