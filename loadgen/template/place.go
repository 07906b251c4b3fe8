package template

import "strings"

// Place is the part of a request that a template is for. It determines how values are encoded, and in some places also the text around
// the placeholders.
type Place uint8

// The places of a template.
const (
	InText      Place = iota // plain text: values are not encoded
	InJSON                   // a JSON document: values are escaped inside strings and verbatim outside
	InString                 // the content of one JSON string; the text is escaped, too
	InForm                   // a whole application/x-www-form-urlencoded body
	InField                  // one name or value of a form; the text is encoded, too
	InHeader                 // a header value
	InURL                    // a request target (path and query) whose text is encoded already
	InQuery                  // one name or value of a query; the text is encoded, too
	InReference              // a URL or path that was extracted: only characters that a request target must not hold are encoded
)

// encodings are the encodings of a place.
type encodings struct {
	text, literal, value, raw Encoding // text: around placeholders; literal: {{"text"}}; raw: {{raw x}}
}

var placeEncodings = [...]encodings{
	InText:      {Verbatim, Verbatim, Verbatim, Verbatim},
	InJSON:      {Verbatim, Verbatim, Verbatim, Verbatim}, // values: see position
	InString:    {JSONString, JSONString, JSONString, Verbatim},
	InForm:      {Verbatim, Verbatim, URLPart, Verbatim},
	InField:     {URLPart, URLPart, URLPart, Verbatim},
	InHeader:    {Verbatim, HeaderValue, HeaderValue, HeaderValue},
	InURL:       {Verbatim, URLText, URLPart, URLText},
	InQuery:     {URLPart, URLPart, URLPart, URLText},
	InReference: {Verbatim, URLText, URLText, URLText},
}

// position tracks the position in a template's text, which determines the encoding of the next value.
type position struct {
	place    Place
	inString bool // inside a string of a JSON document
}

// pass advances over literal text.
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

// encoding returns the encoding of a piece at this position.
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

// PlaceOfBody returns the place for a body: by its Content-Type, or by its first character if that is empty.
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
