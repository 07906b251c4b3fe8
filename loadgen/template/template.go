// Package template compiles texts with {{placeholders}} once and fills them in for every request without allocating:
//
//	/items/{{int 1 500}}?token={{token}}
//	{{base64 csv.user ":" csv.password}}
//
// [Parse] compiles a text for its [Place] in the request, which determines how values are encoded; [ParseJSON] compiles a JSON document.
// [Template.Append] fills it in from a [Scope]. Plain requests may use numbers and the columns of a table ([ParseRows]), scenarios may
// use variables; both have the functions that [Functions] lists.
package template

import (
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen/field"
)

// Scope holds the values that a template is filled in with. It must not be used by several loops at once.
type Scope struct {
	Random *rand.PCG
	Now    func() time.Time

	Row, Seq int64 // plain requests: row of the table, modulo its length; number of the request in the fleet

	Variables       []string // scenarios: values by index
	User, Iteration int64    // scenarios: numbers that are unique in the fleet

	Derived func(value string) // receives values that functions compute from secrets; may be nil

	scratch []byte // arguments of a function
}

// Names resolves the names in placeholders.
type Names struct {
	Constant func(name string) (value string, ok bool, err error) // env.NAME, secret.NAME, node; may be nil
	Variable func(name string) (index int, err error)             // scenarios; nil for plain requests
	Table    *Rows                                                // plain requests: the table for csv.COLUMN; may be nil
	Secret   func(name string) bool                               // reports whether a constant or variable holds a secret; may be nil
	Derived  func(value string)                                   // receives values that functions compute from secrets; "": computed for each request; may be nil
}

// Template is a compiled text: pieces of fixed and varying text.
type Template []piece

// piece is a fixed text, or a placeholder.
type piece struct {
	kind     kind
	form     form
	encoding Encoding                                      // variables and calls; columns are encoded already
	text     string                                        // the text, or the placeholder with its braces
	values   []string                                      // columns: encoded values by row
	index    int                                           // variables: index in Scope.Variables
	call     func(dst []byte, s *Scope) []byte             // functions
	column   func(at string, e Encoding) ([]string, error) // columns, until the piece is encoded
	secret   bool                                          // holds a secret, or is computed from one
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

// form is the syntax of a placeholder, which affects its encoding.
type form uint8

const (
	valueForm   form = iota
	literalForm      // {{"text"}}
	rawForm          // {{raw x}}
	percentForm      // {{urlencode x}}
)

// MaxPlaceholders is the maximum number of placeholders of a text, and of all requests of a plain spec together. Each takes memory, and
// time in every request.
const MaxPlaceholders = 1000

// TooManyPlaceholders is the error for a field with more than [MaxPlaceholders].
func TooManyPlaceholders(at string) error {
	return field.Wrong(at, "", "must have at most %d placeholders, in all requests together", MaxPlaceholders)
}

// Parse compiles the text of field at for its place. Every pair of opening braces starts a placeholder; an unknown placeholder is an
// error. Errors are [*field.Error].
func Parse(at, text string, where Place, names Names) (Template, error) {
	around := placeEncodings[where].text
	if around == Verbatim && !strings.Contains(text, "{{") {
		return Fixed(text), nil
	}
	var b builder
	position := position{place: where}
	for {
		before, inside, after, found, closed := cut(text)
		position.pass(before)
		b.text(string(around.Append(nil, before)))
		switch {
		case !found:
			return b.template(), nil
		case !closed:
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

// builder builds a template. It merges neighbouring fixed texts, including placeholders with a constant value.
type builder struct {
	t      Template
	fixed  strings.Builder
	secret bool // fixed holds a secret
}

func (b *builder) text(text string) { b.fixed.WriteString(text) }

func (b *builder) piece(p piece, inside string) {
	if p.kind == textPiece {
		b.fixed.WriteString(p.text)
		b.secret = b.secret || p.secret
		return
	}
	p.text = "{{" + inside + "}}"
	b.t = append(b.template(), p)
}

func (b *builder) join(t Template) {
	for _, p := range t {
		if p.kind == textPiece {
			b.fixed.WriteString(p.text)
			b.secret = b.secret || p.secret
		} else {
			b.t = append(b.template(), p)
		}
	}
}

func (b *builder) template() Template {
	b.t = b.t.add(piece{text: b.fixed.String(), secret: b.secret})
	b.fixed.Reset()
	b.secret = false
	return b.t
}

func shortened(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}

// encode sets a piece's encoding and encodes what is constant.
func (p *piece) encode(at string, e Encoding) (err error) {
	switch p.encoding = e; p.kind {
	case textPiece:
		if !e.Valid(p.text) {
			return field.Wrong(at, field.Hidden, "is not a valid header value")
		}
		p.text = string(e.Append(nil, p.text))
	case columnPiece:
		p.values, err = p.column(at, e)
		p.column = nil
	}
	return err
}

// add appends a piece and merges neighbouring texts.
func (t Template) add(p piece) Template {
	switch last := len(t) - 1; {
	case p.kind == textPiece && p.text == "":
		return t
	case p.kind == textPiece && last >= 0 && t[last].kind == textPiece:
		t[last].text += p.text
		t[last].secret = t[last].secret || p.secret
		return t
	}
	return append(t, p)
}

// Fixed returns the template of a text without placeholders.
func Fixed(text string) Template { return Template{}.add(piece{text: text}) }

// Join returns the concatenation of t and others.
func (t Template) Join(others ...Template) Template {
	for _, other := range others {
		for _, p := range other {
			t = t.add(p)
		}
	}
	return t
}

// Constant returns the text if it does not vary.
func (t Template) Constant() (text string, ok bool) {
	switch {
	case len(t) == 0:
		return "", true
	case len(t) == 1 && t[0].kind == textPiece:
		return t[0].text, true
	}
	return "", false
}

// Varying returns the number of pieces that are filled in for every request.
func (t Template) Varying() (n int) {
	for i := range t {
		if t[i].kind != textPiece {
			n++
		}
	}
	return n
}

// Secret reports whether the template holds a secret or a value that is computed from one.
func (t Template) Secret() bool {
	return slices.ContainsFunc(t, func(p piece) bool { return p.secret })
}

// StartsVarying reports whether the first piece is filled in for every request.
func (t Template) StartsVarying() bool { return len(t) > 0 && t[0].kind != textPiece }

// Contains reports whether a fixed piece contains part.
func (t Template) Contains(part string) bool {
	for i := range t {
		if t[i].kind == textPiece && strings.Contains(t[i].text, part) {
			return true
		}
	}
	return false
}

// Base64 returns a template of the base64 of t.
func (t Template) Base64() Template {
	if text, ok := t.Constant(); ok {
		return Fixed(base64.StdEncoding.EncodeToString([]byte(text)))
	}
	return Template{{kind: callPiece, text: "{{base64}}", call: func(dst []byte, s *Scope) []byte {
		return base64.StdEncoding.AppendEncode(dst, s.fill(t))
	}}}
}

// Append appends the template, filled in from s. It allocates only if dst or the scope's buffer must grow, and for {{hmac}}.
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
			dst = p.encoding.Append(dst, s.Variables[p.index])
		case callPiece:
			dst = p.append(dst, s)
		}
	}
	return dst
}

// append appends the encoded result of a function.
func (p *piece) append(dst []byte, s *Scope) []byte {
	start := len(dst)
	dst = p.call(dst, s)
	if p.secret && s.Derived != nil {
		s.Derived(string(dst[start:]))
	}
	if p.encoding == Verbatim || Unreserved(dst[start:]) {
		return dst
	}
	s.scratch = append(s.scratch[:0], dst[start:]...)
	return p.encoding.appendBytes(dst[:start], s.scratch)
}

// fill fills in the arguments of a function. The bytes are valid until the next call.
func (s *Scope) fill(t Template) []byte {
	s.scratch = t.Append(s.scratch[:0], s)
	return s.scratch
}

// AppendKnown appends the template of a plain request that was sent before. Generated values are not known any more: their placeholders
// are appended.
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
