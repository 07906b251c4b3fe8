// Package template takes texts with {{placeholders}} apart once and fills them in for every request without allocating,
// and reads the CSV tables whose columns placeholders may name.
package template

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"landfall/loadgen/field"
)

// Placeholder matches {{name}}. Braces around anything else are text.
var Placeholder = regexp.MustCompile(`\{\{\s*([A-Za-z][A-Za-z0-9_.-]*)\s*\}\}`)

const placeholders = "must be {{seq}}, {{node}}, {{random}}, {{uuid}} or {{csv.COLUMN}}"

// A piece of a template is a text, or something that changes with every request.
type pieceKind uint8

const (
	pieceText pieceKind = iota
	pieceSeq
	pieceRandom
	pieceUUID
	pieceCSV
)

type Piece struct {
	kind   pieceKind
	Text   string
	Values []string // of a CSV column, one a row
}

// Place is where a template stands: it decides how what is filled in is made harmless.
type Place uint8

const (
	InBody Place = iota
	InHeader
	InPath
)

// A template is a text with placeholders, taken apart. One piece of text, or none, is a constant.
type Template []Piece

// Parse takes text apart. {{node}} is filled in at once, since it does not change. Errors are *FieldError.
func Parse(at, text string, where Place, node string, table *Rows) (Template, error) {
	var t Template
	rest := text
	for {
		m := Placeholder.FindStringSubmatchIndex(rest)
		if m == nil {
			return t.Add(Piece{Text: rest}), nil
		}
		p, err := parsePlaceholder(at, rest[m[2]:m[3]], where, node, table)
		if err != nil {
			return nil, err
		}
		if t = t.Add(Piece{Text: rest[:m[0]]}).Add(p); len(t) > 2*MaxPlaceholders {
			return nil, TooManyPlaceholders(at)
		}
		rest = rest[m[1]:]
	}
}

func parsePlaceholder(at, name string, where Place, node string, table *Rows) (Piece, error) {
	switch name {
	case "seq":
		return Piece{kind: pieceSeq}, nil
	case "node":
		text, err := harmless(at, node, where)
		return Piece{Text: text}, err
	case "random":
		return Piece{kind: pieceRandom}, nil
	case "uuid":
		return Piece{kind: pieceUUID}, nil
	}
	column, ok := strings.CutPrefix(name, "csv.")
	if !ok {
		return Piece{}, field.Wrong(at, "{{"+name+"}}", placeholders)
	}
	if table == nil {
		return Piece{}, field.Wrong(at, "{{"+name+"}}", "needs a csv")
	}
	values, err := table.column(at, column, where)
	if err != nil {
		return Piece{}, err
	}
	return Piece{kind: pieceCSV, Values: values}, nil
}

// harmless makes a value one that cannot break out of its place: in a path it is escaped, in a header refused.
func harmless(at, value string, where Place) (string, error) {
	switch where {
	case InPath:
		return escapeTarget(value), nil
	case InHeader:
		if !httpguts.ValidHeaderFieldValue(value) {
			return "", field.Wrong(at, field.Hidden, "is not a header's value")
		}
	}
	return value, nil
}

// escapeTarget escapes what must not stand in a request's target and leaves what has a meaning there: / ? & = and escapes.
func escapeTarget(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}#", c) >= 0 || c == '%' && !escaped.MatchString(s[i:]) {
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

var escaped = regexp.MustCompile(`^%[0-9A-Fa-f]{2}`)

// MaxPlaceholders bounds those of a spec: each is work for every request, and takes memory before the first one.
const MaxPlaceholders = 1000

func TooManyPlaceholders(at string) error {
	return field.Wrong(at, "", "must have at most %d placeholders, in all requests together", MaxPlaceholders)
}

// Add appends a piece; neighbouring texts become one.
func (t Template) Add(p Piece) Template {
	switch last := len(t) - 1; {
	case p.kind == pieceText && p.Text == "":
		return t
	case p.kind == pieceText && last >= 0 && t[last].kind == pieceText:
		t[last].Text += p.Text
		return t
	}
	return append(t, p)
}

func (t Template) Join(other Template) Template {
	for _, p := range other {
		t = t.Add(p)
	}
	return t
}

// Constant tells whether the template is the same for every request.
func (t Template) Constant() bool { return len(t) == 0 || len(t) == 1 && t[0].kind == pieceText }

// Varying is how many pieces change with every request.
func (t Template) Varying() (n int) {
	for i := range t {
		if t[i].kind != pieceText {
			n++
		}
	}
	return n
}

// Text is a constant template's.
func (t Template) Text() string {
	if len(t) == 0 {
		return ""
	}
	return t[0].Text
}

// AppendTo fills the template in for the driver's request k, whose number in the fleet is seq. It allocates nothing but
// the room that dst may need.
func (t Template) AppendTo(dst []byte, k, seq int64, random *rand.PCG) []byte {
	for i := range t {
		switch p := &t[i]; p.kind {
		case pieceText:
			dst = append(dst, p.Text...)
		case pieceSeq:
			dst = strconv.AppendInt(dst, seq, 10)
		case pieceRandom:
			dst = strconv.AppendUint(dst, random.Uint64()>>11, 10)
		case pieceUUID:
			dst = appendUUID(dst, random.Uint64(), random.Uint64())
		case pieceCSV:
			dst = append(dst, p.Values[int(k%int64(len(p.Values)))]...)
		}
	}
	return dst
}

// appendUUID writes a random UUID (RFC 9562, version 4).
func appendUUID(dst []byte, high, low uint64) []byte {
	high = high&^0xf000 | 0x4000
	low = low&^(3<<62) | 2<<62
	for i, n := range [2]uint64{high, low} {
		for shift := 60; shift >= 0; shift -= 4 {
			if i == 0 && (shift == 28 || shift == 12) || i == 1 && (shift == 60 || shift == 44) {
				dst = append(dst, '-')
			}
			dst = append(dst, "0123456789abcdef"[n>>shift&15])
		}
	}
	return dst
}
