package template

import (
	"strings"

	"landfall/loadgen/field"
)

const accepted = `must be {{seq}}, {{node}}, {{random}}, {{uuid}} or {{csv.COLUMN}}; literal braces are written {{"{{"}}`

// A placeholder is {{name}}, {{raw name}} or, for braces that are meant literally, {{"{{"}}.
type placeholder struct {
	name    string
	raw     bool
	literal bool // name is a text
}

// cut finds the first placeholder of text, and splits text around it. Of more than two opening braces the last two count.
// A placeholder that does not end is all that follows its braces, and ends is false.
func cut(text string) (before, inside, after string, found, ends bool) {
	i := strings.Index(text, "{{")
	if i < 0 {
		return text, "", "", false, true
	}
	for strings.HasPrefix(text[i+1:], "{{") {
		i++
	}
	before, rest := text[:i], text[i+2:]
	skip := 0 // a text in quotes may hold braces
	if quoted := strings.TrimLeft(rest, " \t"); strings.HasPrefix(quoted, `"`) {
		if end := strings.IndexByte(quoted[1:], '"'); end >= 0 {
			skip = len(rest) - len(quoted) + end + 2
		}
	}
	end := strings.Index(rest[skip:], "}}")
	if end < 0 {
		return before, rest, "", true, false
	}
	return before, rest[:skip+end], rest[skip+end+2:], true, true
}

// parse reads what stands between the braces.
func parse(inside string) placeholder {
	inside = strings.TrimSpace(inside)
	if len(inside) > 1 && inside[0] == '"' && strings.IndexByte(inside[1:], '"') == len(inside)-2 {
		return placeholder{name: inside[1 : len(inside)-1], literal: true}
	}
	if name, ok := strings.CutPrefix(inside, "raw "); ok {
		return placeholder{name: strings.TrimSpace(name), raw: true}
	}
	return placeholder{name: inside}
}

// Literal is a text in which nothing is a placeholder.
func Literal(text string) string { return strings.ReplaceAll(text, "{{", `{{"{{"}}`) }

// Replace replaces each placeholder of a text, braces included, by what replace makes of it.
func Replace(text string, replace func(placeholder string) string) string {
	var b strings.Builder
	for {
		before, inside, after, found, ends := cut(text)
		b.WriteString(before)
		switch {
		case !found:
			return b.String()
		case !ends:
			b.WriteString("{{" + inside)
			return b.String()
		}
		b.WriteString(replace("{{" + inside + "}}"))
		text = after
	}
}

// piece makes a placeholder a piece of a template. {{node}} and texts are filled in at once, since they do not change.
func (c *context) piece(inside string) (Piece, error) {
	p := parse(inside)
	encoding := c.position.encoding(p.raw)
	switch shown := "{{" + inside + "}}"; {
	case p.literal:
		return c.constant(p.name, c.position.encoding(true))
	case p.name == "seq":
		return Piece{kind: pieceSeq}, nil
	case p.name == "node":
		return c.constant(c.node, encoding)
	case p.name == "random":
		return Piece{kind: pieceRandom}, nil
	case p.name == "uuid":
		return Piece{kind: pieceUUID}, nil
	case !strings.HasPrefix(p.name, "csv."):
		return Piece{}, field.Wrong(c.field, shown, accepted)
	case c.table == nil:
		return Piece{}, field.Wrong(c.field, shown, "needs a csv")
	}
	values, err := c.table.column(c.field, strings.TrimPrefix(p.name, "csv."), encoding)
	return Piece{kind: pieceCSV, Values: values}, err
}

func (c *context) constant(value string, e Encoding) (Piece, error) {
	if !e.Valid(value) {
		return Piece{}, field.Wrong(c.field, field.Hidden, "is not a header's value")
	}
	return Piece{Text: string(e.Append(nil, value))}, nil
}
