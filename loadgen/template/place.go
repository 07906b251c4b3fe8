package template

import "strings"

// Place is where a template stands. It decides how the values that are filled in are encoded, so that each arrives as the
// value it is. In some places the text around the placeholders is encoded too.
type Place uint8

// The places of a template.
const (
	InText      Place = iota // as it is
	InJSON                   // a JSON text: inside its strings values are escaped, outside they stand as they are
	InString                 // what a JSON string says; the text is escaped too
	InForm                   // application/x-www-form-urlencoded, as a whole
	InField                  // one name or value of a form; the text is encoded too
	InHeader                 // a header's value
	InURL                    // a request's target, path and query, encoded already but for its placeholders
	InQuery                  // one name or value of a query; the text is encoded too
	InReference              // a URL or path that a response held: only what must not stand in a request's target is encoded
)

// encodings of what stands in a place.
type encodings struct {
	text, literal, value, raw Encoding // literal: of {{"text"}}; raw: of {{raw x}}
}

var placeEncodings = [...]encodings{
	InText:      {Verbatim, Verbatim, Verbatim, Verbatim},
	InJSON:      {Verbatim, Verbatim, Verbatim, Verbatim}, // of values, by position
	InString:    {JSONString, JSONString, JSONString, Verbatim},
	InForm:      {Verbatim, Verbatim, URLPart, Verbatim},
	InField:     {URLPart, URLPart, URLPart, Verbatim},
	InHeader:    {Verbatim, HeaderValue, HeaderValue, HeaderValue},
	InURL:       {Verbatim, URLText, URLPart, URLText},
	InQuery:     {URLPart, URLPart, URLPart, URLText},
	InReference: {Verbatim, URLText, URLText, URLText},
}

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

// encoding is that of a piece here.
func (p *position) encoding(f form) Encoding {
	e := &placeEncodings[p.place]
	switch {
	case f == literalForm:
		return e.literal
	case f == rawForm, f == percentForm && p.place == InForm:
		return e.raw
	case p.inString:
		return JSONString
	}
	return e.value
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
