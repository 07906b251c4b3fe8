package importer

import (
	"fmt"
	"strings"

	"landfall/loadgen/field"
)

// isCmd reports whether a command is quoted for cmd.exe, as browsers on Windows copy it: it has escaped quotes (^") or lines continued
// with a caret.
func isCmd(line string) bool { return caretMark().MatchString(line) }

var caretMark = field.Pattern(`\^"|\^\r?\n`)

// cmdWords splits a command line as cmd.exe and then the C runtime of Windows do. Variables become marks ([markOf]).
func cmdWords(line string) (words, dropped []string, err error) {
	text, rest, err := withoutCarets(line)
	if err != nil {
		return nil, nil, err
	}
	w := wordSplitter{rest: rest}
	if rest != "" {
		if err := w.drop(); err != nil {
			return nil, nil, err
		}
	}
	words, err = argvWords(text)
	return words, w.dropped, err
}

// withoutCarets resolves carets as cmd.exe does: outside quotes, a caret escapes the next character and joins lines; before an empty
// line it leaves one line break. rest is what follows the command: a pipe, a redirection or another command.
func withoutCarets(line string) (text, rest string, err error) {
	line = strings.ReplaceAll(line, "\r\n", "\n")
	var b strings.Builder
	quoted := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '^' && !quoted && i+1 < len(line):
			if i++; line[i] == '\n' {
				if i+1 < len(line) && line[i+1] == '\n' {
					i++
					b.WriteByte('\n')
				}
				continue
			}
			b.WriteByte(line[i])
		case c == '%' && variable().MatchString(line[i:]):
			name := variable().FindString(line[i:])
			b.WriteString(markOf(name[1 : len(name)-1]))
			i += len(name) - 1
		case !quoted && c == '<':
			return "", "", fmt.Errorf("curl: %.40q: standard input cannot be imported: write the body with --data", line[i:])
		case !quoted && strings.IndexByte("|>&", c) >= 0:
			text := b.String()
			return strings.TrimSuffix(text, descriptor().FindString(text)), line[i:], nil
		default:
			if c == '"' {
				quoted = !quoted
			}
			b.WriteByte(c)
		}
	}
	return b.String(), "", nil
}

// descriptor matches the number of a file descriptor before a redirection.
var descriptor = field.Pattern(`\s[0-9]$`)

// variable matches %NAME%, but not percent-encoded bytes.
var variable = field.Pattern(`^%([G-Zg-z_][A-Za-z0-9_]+|[A-Fa-f][G-Zg-z_][A-Za-z0-9_]*)%`)

// argvWords splits a command line as the C runtime of Windows does: at blanks outside double quotes, with backslashes before a quote
// counted in pairs.
func argvWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	open, quoted := false, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			n := len(line[i:]) - len(strings.TrimLeft(line[i:], `\`))
			open = true
			if !strings.HasPrefix(line[i+n:], `"`) {
				word.WriteString(line[i : i+n])
				i += n - 1
				continue
			}
			word.WriteString(line[i : i+n/2])
			if i += n - 1; n%2 == 1 {
				word.WriteByte('"')
				i++
			}
		case c == '"' && quoted && strings.HasPrefix(line[i+1:], `"`):
			word.WriteByte('"')
			i++
		case c == '"':
			quoted, open = !quoted, true
		case !quoted && strings.IndexByte(" \t\n", c) >= 0:
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteByte(c)
			open = true
		}
	}
	if quoted {
		return nil, errOpenQuote
	}
	if open {
		words = append(words, word.String())
	}
	return words, nil
}
