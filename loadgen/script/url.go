package script

import (
	"net/url"
	"strconv"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// shellVariable matches ${NAME}. Shells and other tools expand it; in a header or URL it is almost certainly a mistake.
var shellVariable = field.Pattern(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

func notExpanded(at, text string) error {
	name := shellVariable().FindString(text)
	return field.Wrong(at, name, `is not expanded: write the value, or {{"$"}}%s for a literal %s`, name[1:], name)
}

// resolve returns the Host header, the user and the request target of a URL, which is relative to the spec's target. The URL must be
// on the target's host: connections are opened to that host, and drivers have allowed that host.
func (c compiler) resolve(ref string) (host string, user *url.Userinfo, path template.Template, err error) {
	base, at := loadgen.RequestURL(c.spec.Target), "target"
	for _, url := range []struct{ at, text string }{{"target", base}, {c.field + "url", ref}} {
		if shellVariable().MatchString(url.text) {
			return "", nil, nil, notExpanded(url.at, url.text)
		}
	}
	hidden := newHider(base + ref)
	u, err := url.Parse(hidden.escaped(base))
	if err != nil || u.Host == "" {
		return "", nil, nil, field.Wrong("target", c.spec.Target, "must be a URL, such as http://127.0.0.1:8080/ping")
	}
	full := u
	if ref != "" {
		at = c.field + "url"
		if full, err = u.Parse(hidden.escaped(ref)); err != nil {
			return "", nil, nil, field.Wrong(at, ref, "must be a URL, relative to the target or on its host")
		}
	}
	host = loadgen.HostHeader(full)
	if full.Scheme != u.Scheme || !strings.EqualFold(host, loadgen.HostHeader(u)) {
		return "", nil, nil, field.Wrong(at, ref, "must be on the target's host, %s", u.Host)
	}
	if user = full.User; user == nil {
		user = u.User
	}
	if hidden.in(host) || user != nil && hidden.in(user.String()) {
		return "", nil, nil, field.Wrong(at, hidden.show(full.Host), "placeholders are allowed in the path and query only")
	}
	path, err = template.Parse(at, hidden.show(full.RequestURI()), template.InURL, c.names())
	return host, user, path, err
}

// hider replaces placeholders by letters that are not in the text, since the URL parser would escape their braces.
type hider struct {
	letters string
	texts   *[]string
}

func newHider(text string) hider {
	letters := "slot"
	for strings.Contains(strings.ToLower(text), letters) {
		letters += "q"
	}
	return hider{letters, new([]string)}
}

func (s hider) hide(text string) string {
	return template.Replace(text, func(p string) string {
		*s.texts = append(*s.texts, p)
		return s.letters + strconv.Itoa(len(*s.texts)-1) + "x"
	})
}

// escaped hides placeholders and escapes characters that are not allowed in a path or query. The URL parser would re-escape the whole of
// a path with such characters, and would not escape a query.
func (s hider) escaped(text string) string {
	text = s.hide(text)
	from := 0
	if i := strings.Index(text, "//"); i >= 0 && !strings.ContainsAny(text[:i], "/?#") { // skip the authority
		from = len(text)
		if end := strings.IndexAny(text[i+2:], "/?#"); end >= 0 {
			from = i + 2 + end
		}
	}
	rest, _, _ := strings.Cut(text[from:], "#") // a fragment is not sent
	return text[:from] + template.EscapeURL(rest)
}

func (s hider) show(text string) string {
	for i, p := range *s.texts {
		text = strings.ReplaceAll(text, s.letters+strconv.Itoa(i)+"x", p)
	}
	return text
}

func (s hider) in(text string) bool { return strings.Contains(strings.ToLower(text), s.letters) }
