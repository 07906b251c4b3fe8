package template

import (
	"errors"
	"strings"
)

var (
	errBraces   = errors.New(`is not a placeholder; write {{"{{"}} for literal braces`)
	errUnclosed = errors.New(`is not closed with }}; write {{"{{"}} for literal braces`)
)

// cut finds the first placeholder of a text and splits the text around it. Of more than two opening braces, the last two open it. If it
// is not closed before the end of the line or the next brace, closed is false and after is the text behind its opening braces.
func cut(text string) (before, inside, after string, found, closed bool) {
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

// closing returns the index of the closing braces outside quotes, or -1. A CSV column name may hold any other character.
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

// Literal escapes a text such that its braces are literal.
func Literal(text string) string { return strings.ReplaceAll(text, "{{", `{{"{{"}}`) }

// Replace replaces each placeholder, including its braces, by the result of replace.
func Replace(text string, replace func(placeholder string) string) string {
	var b strings.Builder
	for {
		before, inside, after, found, closed := cut(text)
		b.WriteString(before)
		switch {
		case !found:
			return b.String()
		case closed:
			b.WriteString(replace("{{" + inside + "}}"))
		default:
			b.WriteString("{{")
		}
		text = after
	}
}

// word is one word of a placeholder: a quoted text or a bare word.
type word struct {
	text   string
	quoted bool
}

// split splits the inside of a placeholder into words.
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

// isName reports whether a text starts like a name: with a letter or an underscore.
func isName(inside string) bool {
	if inside == "" {
		return false
	}
	c := inside[0]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}
