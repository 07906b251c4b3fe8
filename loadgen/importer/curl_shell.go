package importer

import (
	"encoding/hex"
	"fmt"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

// What a shell does with the output of curl does not change the request: pipes to other programs, redirections, and commands that
// follow. It is dropped, and noted.

// anotherRequest matches a further command that sends requests.
var anotherRequest = field.Pattern(`(?:^|[\s|;&(])(?:curl|wget)(?:\.exe)?\s+\S`)

// drop drops the rest of the input, which starts with an operator that ends the command.
func (w *wordSplitter) drop() error {
	w.end()
	if len(w.words) > 0 && w.rest[0] == '|' && !isCurl(w.words[0]) && programName().MatchString(w.words[0]) {
		return fmt.Errorf("curl: %.40q: curl's input comes from another program: write it to a file, and use --data @FILE", w.words[0]+" "+w.rest)
	}
	if anotherRequest().MatchString(w.rest) {
		return fmt.Errorf("curl: %.40q: the input must be one command, and this sends another request", strings.TrimSpace(w.rest))
	}
	rest := strings.TrimSpace(w.rest)
	if w.rest = ""; rest != ";" && rest != "&" {
		w.dropped = append(w.dropped, rest)
	}
	return nil
}

// redirection matches the operators of redirections.
var redirection = field.Pattern(`^(?:&?>>?[&|]?|<&?)[ \t]*`)

// redirect drops a redirection with its file.
func (w *wordSplitter) redirect() error {
	operator := redirection().FindString(w.rest)
	file := wordSplitter{rest: w.rest[len(operator):], dropping: true}
	if strings.HasPrefix(file.rest, "<") {
		return fmt.Errorf("curl: %.40q: standard input cannot be imported: write the body with --data", w.rest)
	}
	for file.rest != "" && strings.IndexByte(" \t\r\n|;&<>()", file.rest[0]) < 0 {
		if err := file.step(); err != nil {
			return err
		}
	}
	if !file.open {
		return fmt.Errorf("curl: %.40q: a redirection without a file; quote the argument", w.rest)
	}
	number := ""
	if digits().MatchString(w.word.String()) { // the file descriptor
		number, w.open = w.word.String(), false
	}
	w.end()
	w.dropped = append(w.dropped, number+strings.TrimSuffix(w.rest, file.rest))
	w.rest = file.rest
	return nil
}

// shellVariable matches $NAME and ${NAME}, and $env:NAME of PowerShell.
var shellVariable = field.Pattern(`^\$(?:env:)?(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})`)

// A variable is kept in the arguments as a mark: its name in hexadecimal, in letters and digits that stay what they are in URLs, forms,
// headers and JSON. The finished spec has a placeholder instead.
const markBegin, markEnd = "landfallvar0", "0ravllafdnal"

var mark = field.Pattern(markBegin + `([0-9a-f]*?)` + markEnd)

// basicPrefix starts a mark that stands for the base64 of the rest, a text with marks.
const basicPrefix = "\x00"

func markOf(name string) string { return markBegin + hex.EncodeToString([]byte(name)) + markEnd }

// unmarked shows the variables of a text as a shell writes them. A mark that was cut off becomes an ellipsis.
func unmarked(text string) string {
	text = mark().ReplaceAllStringFunc(text, func(m string) string { return "$" + unmarked(strings.TrimPrefix(markedName(m), basicPrefix)) })
	return cutMark().ReplaceAllString(text, "$$…")
}

var cutMark = field.Pattern(markBegin + `[0-9a-z]*`)

func markedName(m string) string {
	name, _ := hex.DecodeString(m[len(markBegin) : len(m)-len(markEnd)])
	return string(name)
}

// variable returns the name of a marked variable in placeholders. credential tells that it is a part of one.
func (c *curlCommand) variable(m string, credential bool) string {
	name, kind := markedName(m), "env"
	if credential || loadgen.NamesCredential(name) {
		kind = "secret"
	}
	c.note("$%s is {{%s.%s}}: set it with -e %s=VALUE or in the environment of the run", name, kind, name, name)
	return kind + "." + name
}

// base64 returns the placeholder for the base64 of a text with marks.
func (c *curlCommand) base64(text string) string {
	arguments, from := "", 0
	quoted := func(text string) string {
		if text == "" {
			return ""
		}
		return " '" + text + "'"
	}
	for _, at := range mark().FindAllStringIndex(text, -1) {
		arguments += quoted(text[from:at[0]]) + " " + c.variable(text[at[0]:at[1]], true)
		from = at[1]
	}
	return "{{base64" + arguments + quoted(text[from:]) + "}}"
}

// resolve replaces the variables of a spec by placeholders, which are filled in from the environment of the run.
func (c *curlCommand) resolve() error {
	s := &c.Spec
	placed := func(text string, credential bool) string {
		return mark().ReplaceAllStringFunc(text, func(m string) string {
			if credentials, ok := strings.CutPrefix(markedName(m), basicPrefix); ok {
				return c.base64(credentials)
			}
			return "{{raw " + c.variable(m, credential) + "}}"
		})
	}
	if at := mark().FindStringIndex(s.Target); at != nil {
		start := strings.Index(s.Target, "://") + len("://")
		end := strings.IndexAny(s.Target[start:], "/?")
		if end < 0 || at[0] < start+end {
			return fmt.Errorf("curl: %s: the host cannot be a variable: write it itself", unmarked(s.Target))
		}
		origin, path := s.Target[:start+end], s.Target[start+end:]
		s.Target = origin + "/"
		s.Requests = []loadgen.Request{{Name: "request", URL: placed("/"+strings.TrimPrefix(path, "/"), false)}}
	}
	for name, value := range s.Headers {
		s.Headers[name] = placed(value, loadgen.NamesCredential(name))
	}
	s.Body = placed(s.Body, false)
	if left := mark().FindString(fmt.Sprintf("%+v", *s)); left != "" {
		return fmt.Errorf("curl: $%s: a variable can be in the path, query, headers and body: write its value itself", markedName(left))
	}
	return nil
}
