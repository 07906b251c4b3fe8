package loadgen

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// placeholder matches {{name}}. Braces around anything else are text.
var placeholder = regexp.MustCompile(`\{\{\s*([A-Za-z][A-Za-z0-9_.-]*)\s*\}\}`)

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

type piece struct {
	kind   pieceKind
	text   string
	values []string // of a CSV column, one a row
}

// place is where a template stands: it decides how what is filled in is made harmless.
type place uint8

const (
	inBody place = iota
	inHeader
	inPath
)

// A template is a text with placeholders, taken apart. One piece of text, or none, is a constant.
type template []piece

// parseTemplate takes text apart. {{node}} is filled in at once, since it does not change. Errors are *FieldError.
func parseTemplate(field, text string, where place, node string, table *rows) (template, error) {
	var t template
	rest := text
	for {
		m := placeholder.FindStringSubmatchIndex(rest)
		if m == nil {
			return t.add(piece{text: rest}), nil
		}
		p, err := parsePlaceholder(field, rest[m[2]:m[3]], where, node, table)
		if err != nil {
			return nil, err
		}
		if t = t.add(piece{text: rest[:m[0]]}).add(p); len(t) > 2*maxPlaceholders {
			return nil, tooManyPlaceholders(field)
		}
		rest = rest[m[1]:]
	}
}

func parsePlaceholder(field, name string, where place, node string, table *rows) (piece, error) {
	switch name {
	case "seq":
		return piece{kind: pieceSeq}, nil
	case "node":
		text, err := harmless(field, node, where)
		return piece{text: text}, err
	case "random":
		return piece{kind: pieceRandom}, nil
	case "uuid":
		return piece{kind: pieceUUID}, nil
	}
	column, ok := strings.CutPrefix(name, "csv.")
	if !ok {
		return piece{}, wrong(field, "{{"+name+"}}", placeholders)
	}
	if table == nil {
		return piece{}, wrong(field, "{{"+name+"}}", "needs a csv")
	}
	values, err := table.column(field, column, where)
	if err != nil {
		return piece{}, err
	}
	return piece{kind: pieceCSV, values: values}, nil
}

// harmless makes a value one that cannot break out of its place: in a path it is escaped, in a header refused.
func harmless(field, value string, where place) (string, error) {
	switch where {
	case inPath:
		return escapeTarget(value), nil
	case inHeader:
		if !httpguts.ValidHeaderFieldValue(value) {
			return "", wrong(field, value, "is not a header's value")
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

// maxPlaceholders bounds those of a spec: each is work for every request, and takes memory before the first one.
const maxPlaceholders = 1000

func tooManyPlaceholders(field string) error {
	return wrong(field, "", "must have at most %d placeholders, in all requests together", maxPlaceholders)
}

// add appends a piece; neighbouring texts become one.
func (t template) add(p piece) template {
	switch last := len(t) - 1; {
	case p.kind == pieceText && p.text == "":
		return t
	case p.kind == pieceText && last >= 0 && t[last].kind == pieceText:
		t[last].text += p.text
		return t
	}
	return append(t, p)
}

func (t template) join(other template) template {
	for _, p := range other {
		t = t.add(p)
	}
	return t
}

// constant tells whether the template is the same for every request.
func (t template) constant() bool { return len(t) == 0 || len(t) == 1 && t[0].kind == pieceText }

// varying is how many pieces change with every request.
func (t template) varying() (n int) {
	for i := range t {
		if t[i].kind != pieceText {
			n++
		}
	}
	return n
}

// text is a constant template's.
func (t template) text() string {
	if len(t) == 0 {
		return ""
	}
	return t[0].text
}

// appendTo fills the template in for the driver's request k, whose number in the fleet is seq. It allocates nothing but
// the room that dst may need.
func (t template) appendTo(dst []byte, k, seq int64, random *rand.PCG) []byte {
	for i := range t {
		switch p := &t[i]; p.kind {
		case pieceText:
			dst = append(dst, p.text...)
		case pieceSeq:
			dst = strconv.AppendInt(dst, seq, 10)
		case pieceRandom:
			dst = strconv.AppendUint(dst, random.Uint64()>>11, 10)
		case pieceUUID:
			dst = appendUUID(dst, random.Uint64(), random.Uint64())
		case pieceCSV:
			dst = append(dst, p.values[int(k%int64(len(p.values)))]...)
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
