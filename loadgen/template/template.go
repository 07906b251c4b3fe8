// Package template takes texts with {{placeholders}} apart once and fills them in for every request without allocating,
// and reads the tables whose columns placeholders may name:
//
//	/items/{{int 1 500}}?token={{token}}
//	{{base64 csv.user ":" csv.password}}
//
// Requests of plain specs and of scenarios are filled in by the same templates: plain ones have numbers and a table's columns,
// scenarios have variables.
package template

import (
	"encoding/base64"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen/field"
)

// Scope is what templates are filled in from. It belongs to one loop.
type Scope struct {
	Random *rand.PCG
	Now    func() time.Time

	Row, Seq int64 // of plain requests: row of the table, counted from 0 and from the top again after the last; number in the fleet

	Variables       []string // of scenarios, by their place
	User, Iteration int64    // of scenarios: unique in the fleet

	scratch []byte // what a function works on
}

// Names resolves what a template may name.
type Names struct {
	Constant func(name string) (value string, ok bool, err error) // env.NAME, secret.NAME, node; nil: there are none
	Variable func(name string) (place int, err error)             // of scenarios; nil: the template is a plain request's
	Table    *Rows                                                // of plain requests, for csv.COLUMN; nil: there is none
}

// Template is a text taken apart.
type Template []piece

// piece is a text, or something that is filled in.
type piece struct {
	kind     kind
	form     form
	encoding Encoding                                      // of variables and calls; columns are encoded already
	text     string                                        // of a text; else the placeholder, braces included
	values   []string                                      // of a column, one a row
	place    int                                           // of a variable
	call     func(dst []byte, s *Scope) []byte             // of a function
	column   func(at string, e Encoding) ([]string, error) // of a column, until the piece is encoded
}

type kind uint8

const (
	textPiece kind = iota
	seqPiece
	randomPiece
	uuidPiece
	columnPiece
	variablePiece
	callPiece
)

// form is how a placeholder is written, which decides how it is encoded.
type form uint8

const (
	valueForm   form = iota
	literalForm      // {{"text"}}
	rawForm          // {{raw x}}
	percentForm      // {{urlencode x}}
)

// MaxPlaceholders bounds those of a text, and of all requests of a plain spec together: each is work for every request, and
// takes memory before the first one.
const MaxPlaceholders = 1000

// TooManyPlaceholders is the error for a field with more than [MaxPlaceholders].
func TooManyPlaceholders(at string) error {
	return field.Wrong(at, "", "must have at most %d placeholders, in all requests together", MaxPlaceholders)
}

// Parse takes the text of a field apart. Every pair of opening braces begins a placeholder, and one that is unknown is an error.
// Errors are [*field.Error].
func Parse(at, text string, where Place, names Names) (Template, error) {
	around := placeEncodings[where].text
	if around == Verbatim && !strings.Contains(text, "{{") {
		return Fixed(text), nil
	}
	var b builder
	position := position{place: where}
	for {
		before, inside, after, found, ends := cut(text)
		position.pass(before)
		b.text(string(around.Append(nil, before)))
		switch {
		case !found:
			return b.template(), nil
		case !ends:
			return nil, field.Wrong(at, shortened(text[len(before):]), "%v", errUnclosed)
		}
		p, err := names.piece(inside)
		if err != nil {
			return nil, field.Wrong(at, "{{"+inside+"}}", "%v", err)
		}
		if err := p.encode(at, position.encoding(p.form)); err != nil {
			return nil, err
		}
		if b.piece(p, inside); len(b.t) > 2*MaxPlaceholders {
			return nil, TooManyPlaceholders(at)
		}
		text = after
	}
}

// builder collects a template. What does not change between two pieces becomes one text, however many placeholders it is made of.
type builder struct {
	t     Template
	fixed strings.Builder
}

func (b *builder) text(text string) { b.fixed.WriteString(text) }

func (b *builder) piece(p piece, inside string) {
	if p.kind == textPiece {
		b.fixed.WriteString(p.text)
		return
	}
	p.text = "{{" + inside + "}}"
	b.t = append(b.template(), p)
}

func (b *builder) join(t Template) {
	for _, p := range t {
		if p.kind == textPiece {
			b.fixed.WriteString(p.text)
		} else {
			b.t = append(b.template(), p)
		}
	}
}

func (b *builder) template() Template {
	b.t = b.t.add(piece{text: b.fixed.String()})
	b.fixed.Reset()
	return b.t
}

func shortened(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}

// encode prepares a piece for where it stands.
func (p *piece) encode(at string, e Encoding) (err error) {
	switch p.encoding = e; p.kind {
	case textPiece:
		if !e.Valid(p.text) {
			return field.Wrong(at, field.Hidden, "is not a header's value")
		}
		p.text = string(e.Append(nil, p.text))
	case columnPiece:
		p.values, err = p.column(at, e)
		p.column = nil
	}
	return err
}

// add appends a piece; neighbouring texts become one.
func (t Template) add(p piece) Template {
	switch last := len(t) - 1; {
	case p.kind == textPiece && p.text == "":
		return t
	case p.kind == textPiece && last >= 0 && t[last].kind == textPiece:
		t[last].text += p.text
		return t
	}
	return append(t, p)
}

// Fixed is a text without placeholders.
func Fixed(text string) Template { return Template{}.add(piece{text: text}) }

// Join is t and then others.
func (t Template) Join(others ...Template) Template {
	for _, other := range others {
		for _, p := range other {
			t = t.add(p)
		}
	}
	return t
}

// Constant is the text, if it is the same every time.
func (t Template) Constant() (text string, ok bool) {
	switch {
	case len(t) == 0:
		return "", true
	case len(t) == 1 && t[0].kind == textPiece:
		return t[0].text, true
	}
	return "", false
}

// Varying is how many pieces change with every request.
func (t Template) Varying() (n int) {
	for i := range t {
		if t[i].kind != textPiece {
			n++
		}
	}
	return n
}

// Leads tells whether the text begins with something that is filled in.
func (t Template) Leads() bool { return len(t) > 0 && t[0].kind != textPiece }

// Holds tells whether a fixed part of the text holds a part.
func (t Template) Holds(part string) bool {
	for i := range t {
		if t[i].kind == textPiece && strings.Contains(t[i].text, part) {
			return true
		}
	}
	return false
}

// Base64 is the text as base64, as a whole.
func (t Template) Base64() Template {
	if text, ok := t.Constant(); ok {
		return Fixed(base64.StdEncoding.EncodeToString([]byte(text)))
	}
	return Template{{kind: callPiece, text: "{{base64}}", call: func(dst []byte, s *Scope) []byte {
		return base64.StdEncoding.AppendEncode(dst, s.work(t))
	}}}
}

// Append fills the template in and appends it to dst. It allocates nothing but the room that dst and the scope may need, and
// what {{hmac}} takes.
func (t Template) Append(dst []byte, s *Scope) []byte {
	for i := range t {
		switch p := &t[i]; p.kind {
		case textPiece:
			dst = append(dst, p.text...)
		case seqPiece:
			dst = strconv.AppendInt(dst, s.Seq, 10)
		case randomPiece:
			dst = strconv.AppendUint(dst, s.Random.Uint64()>>11, 10)
		case uuidPiece:
			dst = appendUUID(dst, s.Random.Uint64(), s.Random.Uint64())
		case columnPiece:
			dst = append(dst, p.values[int(s.Row%int64(len(p.values)))]...)
		case variablePiece:
			dst = p.encoding.Append(dst, s.Variables[p.place])
		case callPiece:
			dst = p.append(dst, s)
		}
	}
	return dst
}

// append appends what a function makes.
func (p *piece) append(dst []byte, s *Scope) []byte {
	start := len(dst)
	dst = p.call(dst, s)
	if p.encoding == Verbatim || Unreserved(dst[start:]) {
		return dst
	}
	s.scratch = append(s.scratch[:0], dst[start:]...)
	return p.encoding.appendBytes(dst[:start], s.scratch)
}

// work fills a template in for a function. The bytes are valid until the next call.
func (s *Scope) work(t Template) []byte {
	s.scratch = t.Append(s.scratch[:0], s)
	return s.scratch
}

// AppendKnown fills in what is still known of a plain request once it has been sent. Generated values stay placeholders.
func (t Template) AppendKnown(dst []byte, row, seq int64) []byte {
	known := Scope{Row: row, Seq: seq}
	for i := range t {
		switch t[i].kind {
		case textPiece, seqPiece, columnPiece:
			dst = t[i:i+1].Append(dst, &known)
		default:
			dst = append(dst, t[i].text...)
		}
	}
	return dst
}
