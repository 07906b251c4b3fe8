package importer

import (
	"crypto/sha256"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"landfall/loadgen"
)

// curlPart is one part of a multipart form.
type curlPart struct {
	name, text string
	filename   string
	kind       string // its Content-Type; "": none
}

// addForm parses the argument of --form: name=text, name=<file (the text of a file) or name=@file (an upload), followed by ;type= and
// ;filename=.
func (c *curlCommand) addForm(v string) error {
	name, rest, ok := strings.Cut(v, "=")
	if !ok || name == "" {
		return fmt.Errorf("%.60q: must be name=value", v)
	}
	p := curlPart{name: name}
	from := rest
	if rest != "" && (rest[0] == '@' || rest[0] == '<') {
		from = rest[1:]
	}
	text, options, err := formWord(from)
	if err != nil {
		return err
	}
	if p.text = text; from != rest {
		if strings.Contains(text, ",") {
			return fmt.Errorf("%.60q: a part can have only one file", v)
		}
		if p.text, err = curlFile(text, loadgen.MaxBody); err != nil {
			return err
		}
		if rest[0] == '@' {
			p.filename, p.kind = filepath.Base(text), formKind(text)
		}
	}
	if err := p.options(options); err != nil {
		return err
	}
	c.form = append(c.form, p)
	return nil
}

// addFormString parses the argument of --form-string: name=text, without special characters.
func (c *curlCommand) addFormString(v string) error {
	name, text, ok := strings.Cut(v, "=")
	if !ok || name == "" {
		return fmt.Errorf("%.60q: must be name=value", v)
	}
	c.form = append(c.form, curlPart{name: name, text: text})
	return nil
}

func (p *curlPart) options(text string) error {
	for text != "" {
		name, rest, _ := strings.Cut(strings.TrimSpace(text), "=")
		value, rest, err := formWord(rest)
		if err != nil {
			return err
		}
		switch name {
		case "type":
			p.kind = value
		case "filename":
			p.filename = value
		default: // headers=, encoder=, charset=
			return fmt.Errorf("%.60q: must be type= or filename=", name)
		}
		text = rest
	}
	return nil
}

// formWord splits s after a word, which ends at a semicolon or is in double quotes.
func formWord(s string) (word, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		word, rest, _ = strings.Cut(s, ";")
		return word, rest, nil
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '\\' || s[i+1] == '"'):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			rest, found := strings.CutPrefix(s[i+1:], ";")
			if rest != "" && !found {
				return "", "", fmt.Errorf("%.60q: expected a semicolon after the quotes", s)
			}
			return b.String(), rest, nil
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", fmt.Errorf("%.60q: a quote is not closed", s)
}

// formKind returns the Content-Type that curl sends for a file name.
func formKind(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".gif":
		return "image/gif"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain"
	case ".htm", ".html":
		return "text/html"
	case ".pdf":
		return "application/pdf"
	case ".xml":
		return "application/xml"
	}
	return "application/octet-stream"
}

// formBody encodes parts as a multipart body (RFC 7578) and returns it with its boundary. The boundary is a hash of the parts: the same
// input gives the same spec, and no part contains it.
func formBody(parts []curlPart, kind string) (body, boundary string) {
	disposition := "attachment"
	if kind, _, _ := strings.Cut(strings.ToLower(kind), ";"); strings.TrimSpace(kind) == "multipart/form-data" {
		disposition = "form-data"
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		var all strings.Builder
		all.WriteString("\r\nContent-Disposition: " + disposition + "; name=\"" + formQuoted(p.name) + `"`)
		if p.filename != "" {
			all.WriteString(`; filename="` + formQuoted(p.filename) + `"`)
		}
		if p.kind != "" {
			all.WriteString("\r\nContent-Type: " + p.kind)
		}
		all.WriteString("\r\n\r\n" + p.text + "\r\n")
		texts[i] = all.String()
	}
	boundary = fmt.Sprintf("landfall-%.12x", sha256.Sum256([]byte(strings.Join(texts, ""))))
	return "--" + boundary + strings.Join(texts, "--"+boundary) + "--" + boundary + "--\r\n", boundary
}

var formQuoted = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace
