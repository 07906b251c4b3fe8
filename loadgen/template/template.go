// Package template takes texts with {{placeholders}} apart once and fills them in for every request without allocating,
// and reads the CSV tables whose columns placeholders may name.
package template

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"landfall/loadgen/field"
)

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

// A template is a text with placeholders, taken apart. One piece of text, or none, is a constant.
type Template []Piece

// context is what the placeholders of a template may need.
type context struct {
	field    string // for errors
	node     string // the driver's id
	table    *Rows
	position position
}

// Parse takes a text apart; node is the driver's id, table may be nil. Every pair of opening braces begins a placeholder,
// and one that is unknown is an error. Errors are [*field.Error].
func Parse(at, text string, where Place, node string, table *Rows) (Template, error) {
	c := &context{field: at, node: node, table: table, position: position{place: where}}
	var t Template
	var fixed strings.Builder // what does not change since the last piece: one text, however many placeholders it is made of
	for {
		before, inside, after, found, ends := cut(text)
		fixed.WriteString(before)
		if !found {
			return t.Add(Piece{Text: fixed.String()}), nil
		}
		if !ends {
			return nil, field.Wrong(at, "{{"+inside, "has no }} at its end; %s", accepted)
		}
		c.position.pass(before)
		p, err := c.piece(inside)
		if err != nil {
			return nil, err
		}
		if text = after; p.kind == pieceText {
			fixed.WriteString(p.Text)
			continue
		}
		if t = t.Add(Piece{Text: fixed.String()}).Add(p); len(t) > 2*MaxPlaceholders {
			return nil, TooManyPlaceholders(at)
		}
		fixed.Reset()
	}
}

// MaxPlaceholders bounds those of a spec: each is work for every request, and takes memory before the first one.
const MaxPlaceholders = 1000

// TooManyPlaceholders is the error for a field with more than [MaxPlaceholders].
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

// AppendTo fills the template in for the request whose number in the fleet is seq, with a row of the table, counted from 0
// and from the top again after the last. It allocates nothing but the room that dst may need.
func (t Template) AppendTo(dst []byte, row, seq int64, random *rand.PCG) []byte {
	for i := range t {
		switch p := &t[i]; p.kind {
		case pieceText:
			dst = append(dst, p.Text...)
		case pieceSeq:
			dst = strconv.AppendInt(dst, seq, 10)
		case pieceRandom:
			dst = strconv.AppendUint(dst, random.Uint64()>>11, 10)
		case pieceUUID:
			dst = AppendUUID(dst, random.Uint64(), random.Uint64())
		case pieceCSV:
			dst = append(dst, p.Values[int(row%int64(len(p.Values)))]...)
		}
	}
	return dst
}

// AppendKnown fills in what is still known of a request once it has been sent. Random values stay placeholders.
func (t Template) AppendKnown(dst []byte, row, seq int64) []byte {
	for i := range t {
		switch p := &t[i]; p.kind {
		case pieceRandom:
			dst = append(dst, "{{random}}"...)
		case pieceUUID:
			dst = append(dst, "{{uuid}}"...)
		default:
			dst = t[i:i+1].AppendTo(dst, row, seq, nil)
		}
	}
	return dst
}

// AppendUUID appends a random UUID (RFC 9562, version 4).
func AppendUUID(dst []byte, high, low uint64) []byte {
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
