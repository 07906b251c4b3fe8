// Package placeholder fills in the texts of scenarios: variables and functions in double braces, such as
//
//	/items/{{int 1 500}}?token={{token}}
//	{{base64 user ":" password}}
//
// Texts are taken apart once; what is filled in is escaped for the place where it stands, so that a value arrives as the
// value it is.
package placeholder

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Place is where a text stands. It decides how values are escaped.
type Place uint8

// The places of a text.
const (
	Body      Place = iota // as it is
	JSON                   // inside a JSON string, of which the text is what stands between the quotes without escapes
	Component              // of a path: values are escaped, what stands around them is already
	Pair                   // a name or value of a query or form: what stands around the values is escaped too
	Reference              // a URL or path that was extracted: only what must not stand in a request's target is escaped
	Header                 // without control characters
)

// Scope is what texts are filled in from.
type Scope struct {
	Variables []string // by their place
	Random    *rand.PCG
	User      int64 // unique in the fleet
	Iteration int64 // unique in the fleet
	Now       func() time.Time
}

// Names resolves what a text may name.
type Names struct {
	Variable func(name string) (place int, err error)
	Constant func(name string) (value string, ok bool, err error) // env.NAME, secret.NAME, node; nil: there are none
}

// Text is a text taken apart.
type Text []piece

// piece is a text (fill is nil) or something that is filled in.
type piece struct {
	text string
	fill fill
	raw  bool // {{raw x}}: not escaped
}

type fill func(dst []byte, s *Scope) []byte

// errBraces is the error of two braces that start no placeholder.
var errBraces = errors.New(`is not a placeholder: literal braces are written {{"{{"}}`)

// Parse takes text apart. Two opening braces always start a placeholder; of more than two the last two do.
func Parse(text string, where Place, names Names) (Text, error) {
	var t Text
	var fixed strings.Builder // since the last piece that is filled in: one text, however many placeholders it is made of
	for {
		before, inner, after, found := cut(text)
		if found && inner == "" {
			return nil, fmt.Errorf("%.40s: %w", text[len(before):], errBraces)
		}
		switch where {
		case JSON, Pair:
			fixed.Write(encodings[where].Append(nil, before))
		default:
			fixed.WriteString(before)
		}
		if !found {
			return t.add(piece{text: fixed.String()}), nil
		}
		p, err := parse(inner, names)
		if err != nil {
			return nil, fmt.Errorf("{{%s}}: %w", strings.TrimSpace(inner), err)
		}
		text = after
		if p = p.escaped(where); p.fill == nil {
			fixed.WriteString(p.text)
			continue
		}
		t = t.add(piece{text: fixed.String()}).add(p)
		fixed.Reset()
	}
}

// cut finds the first placeholder. Its inside is empty if what follows the braces cannot be one: neither a name nor a text in
// quotes, or without an end.
func cut(text string) (before, inner, after string, found bool) {
	i := strings.Index(text, "{{")
	if i < 0 {
		return text, "", "", false
	}
	for strings.HasPrefix(text[i+1:], "{{") {
		i++
	}
	body := text[i+2:]
	start, end := strings.TrimLeft(body, " "), closing(body)
	if end < 0 || !isLetter(start[0]) && start[0] != '"' && start[0] != '\'' {
		return text[:i], "", body, true
	}
	return text[:i], body[:end], body[end+2:], true
}

// closing is where the braces close, outside quotes; -1: they do not.
func closing(body string) int {
	quote := byte(0)
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '}' && i+1 < len(body) && body[i+1] == '}':
			return i
		case c == '{' || c == '\n':
			return -1
		}
	}
	return -1
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// add appends a piece; neighbouring texts become one.
func (t Text) add(p piece) Text {
	if p.fill == nil {
		if p.text == "" {
			return t
		}
		if n := len(t) - 1; n >= 0 && t[n].fill == nil {
			t[n].text += p.text
			return t
		}
	}
	return append(t, p)
}

// Join is t and then others.
func (t Text) Join(others ...Text) Text {
	for _, other := range others {
		for _, p := range other {
			t = t.add(p)
		}
	}
	return t
}

// Fixed is a text without placeholders.
func Fixed(text string) Text { return Text{}.add(piece{text: text}) }

// Constant is the text, if it is the same every time.
func (t Text) Constant() (string, bool) {
	switch {
	case len(t) == 0:
		return "", true
	case len(t) == 1 && t[0].fill == nil:
		return t[0].text, true
	}
	return "", false
}

// Leads tells whether the text begins with something that is filled in.
func (t Text) Leads() bool { return len(t) > 0 && t[0].fill != nil }

// Append fills the text in and appends it to dst.
func (t Text) Append(dst []byte, s *Scope) []byte {
	for i := range t {
		if p := &t[i]; p.fill == nil {
			dst = append(dst, p.text...)
		} else {
			dst = p.fill(dst, s)
		}
	}
	return dst
}

// Replace puts what f makes of every placeholder, braces included, in its place.
func Replace(text string, f func(placeholder string) string) string {
	out := ""
	for {
		before, inner, after, found := cut(text)
		out += before
		switch {
		case !found:
			return out
		case inner == "":
			out, text = out+"{{", after
		default:
			out, text = out+f("{{"+inner+"}}"), after
		}
	}
}

// Holds tells whether a fixed part of the text holds a part.
func (t Text) Holds(part string) bool {
	for i := range t {
		if t[i].fill == nil && strings.Contains(t[i].text, part) {
			return true
		}
	}
	return false
}

// Base64 is the text as base64, as a whole.
func (t Text) Base64() Text {
	if text, ok := t.Constant(); ok {
		return Fixed(base64.StdEncoding.EncodeToString([]byte(text)))
	}
	return Text{{fill: func(dst []byte, s *Scope) []byte { return base64.StdEncoding.AppendEncode(dst, t.Append(nil, s)) }}}
}
