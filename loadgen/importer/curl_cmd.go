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

// cmdWords splits a command line as cmd.exe and then the C runtime of Windows do.
func cmdWords(line string) ([]string, error) {
	text, err := withoutCarets(line)
	if err != nil {
		return nil, err
	}
	return argvWords(text)
}

// withoutCarets resolves carets as cmd.exe does: outside quotes, a caret escapes the next character and joins lines; before an empty
// line it leaves one line break.
func withoutCarets(line string) (string, error) {
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
			return "", fmt.Errorf("curl: %.40s: cmd.exe would expand it; write the value itself", variable().FindString(line[i:]))
		case !quoted && strings.IndexByte("|<>&", c) >= 0:
			return "", fmt.Errorf("curl: %q outside quotes: the input must be one command; quote its arguments", string(c))
		default:
			if c == '"' {
				quoted = !quoted
			}
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

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
