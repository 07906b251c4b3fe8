package importer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"landfall/loadgen/field"
)

// commandWords splits a curl command into its arguments, as the shell that it is quoted for would. A prompt, sudo, time and the program
// name are removed. dropped is what a shell would do with the response.
func commandWords(line string) (words, dropped []string, err error) {
	split := shellWords
	if isCmd(line) {
		split = cmdWords
	}
	line = strings.TrimSpace(line)
	line = line[len(prompt().FindString(line)):]
	if m := assignment().FindStringSubmatch(line); m != nil {
		line = m[1] + m[2]
	}
	if words, dropped, err = split(line); err != nil {
		return nil, nil, err
	}
	words, err = arguments(words)
	return words, dropped, err
}

// prompt matches what is before a command on a screen.
var prompt = field.Pattern(`^(?:[$>%]\s+|#\s+(?:curl\s)|PS [A-Za-z]:\\[^>\n]*>\s*|[A-Za-z]:\\[^>\n]*>\s*)?(?:(?:sudo|time)\s+)?`)

// assignment matches a variable that is set to the output of a command: NAME=$(…), NAME=`…`.
var assignment = field.Pattern("(?s)^[A-Za-z_][A-Za-z0-9_]*=\"?(?:\\$\\((.*)\\)|`(.*)`)\"?$")

func isCurl(word string) bool {
	name := strings.ToLower(word[strings.LastIndexAny(word, `/\`)+1:])
	return name == "curl" || name == "curl.exe"
}

// arguments returns the arguments of a curl command: all its words but the name of the program, which may be missing.
func arguments(words []string) ([]string, error) {
	if len(words) == 0 {
		return nil, nil
	}
	switch name := strings.ToLower(words[0]); {
	case isCurl(name):
		words = words[1:]
	case strings.HasPrefix(name, "invoke-"), strings.HasPrefix(words[0], "$session"):
		return nil, fmt.Errorf("curl: this is PowerShell: copy the request as cURL")
	case name == "fetch" || strings.HasPrefix(name, "fetch("):
		return nil, fmt.Errorf("curl: this is JavaScript: copy the request as cURL")
	case len(words) > 1 && name != "localhost" && programName().MatchString(words[0]):
		return nil, fmt.Errorf("curl: %.40q: must be a curl command, such as curl http://127.0.0.1:8080/ping", words[0])
	}
	for _, word := range words {
		if strings.ContainsRune(word, 0) {
			return nil, fmt.Errorf("curl: %.40q: an argument cannot hold a zero byte", word)
		}
	}
	return words, nil
}

// programName matches a word that may be the name of a program: a host has a dot or a port, except in networks with short names.
var programName = field.Pattern(`^[A-Za-z][A-Za-z0-9_-]*$`)

// shellWords splits a command line as a POSIX shell does: '…', "…", $'…', backslashes, comments and continued lines, those of PowerShell,
// too. Variables become marks ([markOf]). Other expansions are errors.
func shellWords(line string) (words, dropped []string, err error) {
	w := wordSplitter{rest: line}
	for w.rest != "" {
		if err := w.step(); err != nil {
			return nil, nil, err
		}
	}
	w.end()
	return w.words, w.dropped, nil
}

type wordSplitter struct {
	rest  string
	word  strings.Builder
	open  bool // inside a word, which may still be empty
	words []string

	dropped  []string // redirections, and what follows the command
	dropping bool     // the word is dropped: what it expands to does not matter
}

func (w *wordSplitter) end() {
	if w.open {
		w.words = append(w.words, w.word.String())
	}
	w.word.Reset()
	w.open = false
}

func (w *wordSplitter) put(s string) {
	w.word.WriteString(s)
	w.open = true
}

func (w *wordSplitter) step() error {
	c := w.rest[0]
	switch {
	case strings.HasPrefix(w.rest, "\\\n"), strings.HasPrefix(w.rest, "\\\r\n"), strings.HasPrefix(w.rest, "`\n"), strings.HasPrefix(w.rest, "`\r\n"):
		w.rest = w.rest[strings.IndexByte(w.rest, '\n')+1:]
		return nil
	case strings.HasPrefix(w.rest, "$'"):
		return w.ansi()
	case c == '\'':
		return w.single()
	case c == '"':
		return w.double()
	case c == '#' && !w.open:
		_, w.rest, _ = strings.Cut(w.rest, "\n")
		return nil
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		w.end()
	case strings.HasPrefix(w.rest, "&>"), c == '<', c == '>':
		return w.redirect()
	case strings.HasPrefix(w.rest, "&&"), c == '|', c == ';', c == '&' && !w.open:
		return w.drop()
	case c == '(' || c == ')':
		return fmt.Errorf("curl: %q outside quotes: the input must be one command; quote its arguments", string(c))
	case c == '$' || c == '`':
		text, size, err := w.expand(w.rest)
		if err != nil {
			return err
		}
		w.put(text)
		w.rest = w.rest[size:]
		return nil
	case c == '{' && expandsBraces(w.rest):
		return fmt.Errorf("curl: %.40q: a shell would expand it to several words; quote it", w.rest)
	case c == '\\' && len(w.rest) > 1:
		_, size := utf8.DecodeRuneInString(w.rest[1:])
		w.put(w.rest[1 : 1+size])
		w.rest = w.rest[size:]
	default:
		w.put(w.rest[:1])
	}
	w.rest = w.rest[1:]
	return nil
}

// expand returns the text for a dollar sign or backquote, and the length of what it stands for.
func (w *wordSplitter) expand(rest string) (text string, size int, err error) {
	if m := shellVariable().FindStringSubmatch(rest); m != nil && !w.dropping {
		return markOf(m[1] + m[2]), len(m[0]), nil
	}
	if !w.dropping {
		err = expansion(rest)
	}
	return rest[:1], 1, err
}

// expansion returns an error if rest starts with a shell expansion: $NAME, ${…}, $(…), $1 and the like, or `…`.
func expansion(rest string) error {
	end := 1
	switch {
	case rest[0] == '`':
		end += strings.IndexByte(rest[1:], '`') + 1
	case len(rest) < 2:
		return nil
	case rest[1] == '{' || rest[1] == '(':
		end += strings.IndexAny(rest[1:], "})") + 1
	case isName(rest[1]) && (rest[1] < '0' || rest[1] > '9'):
		for end < len(rest) && isName(rest[end]) {
			end++
		}
	case strings.IndexByte("0123456789@*#?$!-", rest[1]) >= 0:
		end = 2
	default:
		return nil
	}
	return fmt.Errorf("curl: %.40s: a shell would expand it; write the value itself, or use single quotes for a literal text", rest[:end])
}

func isName(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// expandsBraces reports whether rest starts with a brace expansion: {a,b} or {1..3}.
func expandsBraces(rest string) bool {
	word, _, _ := strings.Cut(rest, " ")
	inside, _, closed := strings.Cut(word, "}")
	return closed && (strings.Contains(inside, ",") || strings.Contains(inside, ".."))
}

var errOpenQuote = errors.New("curl: a quote is not closed")

func (w *wordSplitter) single() error {
	text, after, ok := strings.Cut(w.rest[1:], "'")
	if !ok {
		return errOpenQuote
	}
	w.put(text)
	w.rest = after
	return nil
}

func (w *wordSplitter) double() error {
	w.put("")
	for i := 1; i < len(w.rest); i++ {
		switch c := w.rest[i]; {
		case c == '"':
			w.rest = w.rest[i+1:]
			return nil
		case c == '\\' && i+1 < len(w.rest) && strings.IndexByte("\"\\$`\n", w.rest[i+1]) >= 0:
			i++
			if w.rest[i] != '\n' {
				w.word.WriteByte(w.rest[i])
			}
		case (c == '$' || c == '`') && !strings.HasPrefix(w.rest[i+1:], `"`):
			text, size, err := w.expand(w.rest[i:])
			if err != nil {
				return err
			}
			w.word.WriteString(text)
			i += size - 1
		default:
			w.word.WriteByte(c)
		}
	}
	return errOpenQuote
}

// ansi parses $'…', which browsers use for bodies with line breaks or non-ASCII characters.
func (w *wordSplitter) ansi() error {
	w.put("")
	for i := 2; i < len(w.rest); i++ {
		switch c := w.rest[i]; {
		case c == '\'':
			w.rest = w.rest[i+1:]
			return nil
		case c == '\\' && i+1 < len(w.rest):
			text, size := ansiEscape(w.rest[i+1:])
			w.word.WriteString(text)
			i += size
		default:
			w.word.WriteByte(c)
		}
	}
	return errOpenQuote
}

// ansiEscape parses the escape after a backslash and returns its text and its length.
func ansiEscape(s string) (text string, size int) {
	if i := strings.IndexByte("abefnrtv\\'\"?E", s[0]); i >= 0 {
		return "\a\b\x1b\f\n\r\t\v\\'\"?\x1b"[i : i+1], 1
	}
	digits, base, skip := 0, 16, 1
	switch s[0] {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case '0', '1', '2', '3', '4', '5', '6', '7':
		digits, base, skip = 3, 8, 0
	}
	n := skip
	for n < len(s) && n < skip+digits && ansiDigit(s[n], base) {
		n++
	}
	value, err := strconv.ParseUint(s[skip:max(n, skip)], base, 32)
	switch {
	case err != nil:
		return "\\" + s[:1], 1
	case s[0] == 'u' || s[0] == 'U':
		return string(rune(min(value, utf8.MaxRune+1))), n
	}
	return string([]byte{byte(value)}), n
}

func ansiDigit(c byte, base int) bool {
	if base == 8 {
		return c >= '0' && c <= '7'
	}
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}
