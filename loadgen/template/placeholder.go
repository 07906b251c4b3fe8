package template

import (
	"errors"
	"strings"
)

var (
	errBraces   = errors.New(`is not a placeholder: literal braces are written {{"{{"}}`)
	errUnclosed = errors.New(`is not a placeholder, since no }} ends it: literal braces are written {{"{{"}}`)
)

// cut finds the first placeholder of a text and splits the text around it. Of more than two opening braces the last two count.
// One that does not end before the line does, or before the next brace, is no placeholder: ends is false, and after is what
// follows its braces.
func cut(text string) (before, inside, after string, found, ends bool) {
	i := strings.Index(text, "{{")
	if i < 0 {
		return text, "", "", false, false
	}
	for strings.HasPrefix(text[i+1:], "{{") {
		i++
	}
	rest := text[i+2:]
	end := closing(rest)
	if end < 0 {
		return text[:i], "", rest, true, false
	}
	return text[:i], rest[:end], rest[end+2:], true, true
}

// closing is where the braces close, outside texts in quotes; -1: they do not. The name of a CSV's column may hold anything else.
func closing(rest string) int {
	if name := strings.TrimPrefix(strings.TrimLeft(rest, " "), "raw "); strings.HasPrefix(name, "csv.") {
		return strings.Index(rest, "}}")
	}
	quote := byte(0)
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '}' && i+1 < len(rest) && rest[i+1] == '}':
			return i
		case c == '{' || c == '\n':
			return -1
		}
	}
	return -1
}

// Literal is a text in which nothing is a placeholder.
func Literal(text string) string { return strings.ReplaceAll(text, "{{", `{{"{{"}}`) }

// Replace puts what replace makes of each placeholder, braces included, in its place.
func Replace(text string, replace func(placeholder string) string) string {
	var b strings.Builder
	for {
		before, inside, after, found, ends := cut(text)
		b.WriteString(before)
		switch {
		case !found:
			return b.String()
		case ends:
			b.WriteString(replace("{{" + inside + "}}"))
		default:
			b.WriteString("{{")
		}
		text = after
	}
}

// word is one of those between the braces: a text in quotes, or a bare word.
type word struct {
	text   string
	quoted bool
}

// split takes the inside of a placeholder apart.
func split(inside string) (words []word, err error) {
	for inside = strings.TrimSpace(inside); inside != ""; inside = strings.TrimLeft(inside, " \t") {
		if c := inside[0]; c == '"' || c == '\'' {
			quoted, rest, ok := strings.Cut(inside[1:], string(c))
			if !ok {
				return nil, errors.New("a quote is not closed")
			}
			words, inside = append(words, word{quoted, true}), rest
			continue
		}
		end := strings.IndexAny(inside, " \t\"'")
		if end < 0 {
			end = len(inside)
		}
		words, inside = append(words, word{inside[:end], false}), inside[end:]
	}
	return words, nil
}

// named reports whether a name may stand between braces: it begins with a letter or an underscore.
func named(inside string) bool {
	if inside == "" {
		return false
	}
	c := inside[0]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}
