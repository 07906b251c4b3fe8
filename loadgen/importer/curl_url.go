package importer

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

var schemed = field.Pattern(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// target returns the URL as curl requests it: globbing escapes, dot segments and the fragment are removed, and the values of -G,
// --url-query and -T added. A user in the URL is moved to c.user.
func (c *curlCommand) target() (string, error) {
	raw := c.url
	if !c.globOff {
		var err error
		if raw, err = unglob(raw); err != nil {
			return "", err
		}
	}
	scheme, err := c.schemeOf(raw)
	if err != nil {
		return "", err
	}
	rest := schemed().ReplaceAllString(raw, "")
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	path = "/" + path
	host, err := c.takeUser(authority)
	if err != nil || host == "" || !utf8.ValidString(host) {
		return "", fmt.Errorf("curl: %.80q is not a URL", c.url)
	}
	if !c.pathAsIs {
		path = withoutDots(path)
	}
	if c.upload != "" && strings.HasSuffix(path, "/") {
		path += url.PathEscape(filepath.Base(c.upload))
	}
	var parts []string
	if hasQuery {
		parts = append(parts, query)
	}
	if c.get {
		parts = append(parts, c.data...)
	}
	if parts = append(parts, c.query...); len(parts) > 0 {
		path += "?" + strings.Join(parts, "&")
	}
	path = template.EscapeURL(path)
	if c.socket != "" {
		c.headers.offer("Host", host)
		return "unix:" + c.socket + ":" + path, nil
	}
	return scheme + "://" + host + path, nil
}

// schemeOf returns the URL's scheme, or the one that curl assumes. For some host names, such as ftp.example.com, curl assumes a protocol
// other than HTTP.
func (c *curlCommand) schemeOf(raw string) (string, error) {
	if found := schemed().FindString(raw); found != "" {
		return strings.ToLower(strings.TrimSuffix(found, "://")), nil
	}
	if c.scheme != "" {
		return strings.ToLower(c.scheme), nil
	}
	for _, other := range []string{"ftp.", "dict.", "ldap.", "imap.", "smtp.", "pop3."} {
		if len(raw) > len(other) && strings.EqualFold(raw[:len(other)], other) {
			return "", fmt.Errorf("curl: %.80q: curl would use %s; put http:// or https:// before it", c.url, strings.TrimSuffix(other, "."))
		}
	}
	return "http", nil
}

// takeUser removes user and password from an authority.
func (c *curlCommand) takeUser(authority string) (host string, err error) {
	i := strings.LastIndexByte(authority, '@')
	if i < 0 {
		return authority, nil
	}
	name, password, _ := strings.Cut(authority[:i], ":")
	if name, err = url.PathUnescape(name); err == nil {
		password, err = url.PathUnescape(password)
	}
	if c.user == "" {
		c.user = name + ":" + password
	}
	return authority[i+1:], err
}

// unglob removes the backslashes before brackets and braces. Unescaped brackets and braces, which curl expands to several URLs, are an
// error.
func unglob(raw string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '\\' && i+1 < len(raw) && strings.IndexByte("[]{}", raw[i+1]) >= 0:
			i++
			b.WriteByte(raw[i])
		case c == '[' && ipv6().MatchString(raw[i:]):
			address := ipv6().FindString(raw[i:])
			b.WriteString(address)
			i += len(address) - 1
		case strings.IndexByte("[]{}", c) >= 0:
			return "", fmt.Errorf("curl: %.80q: curl expands %q to several URLs; write \\%c for a literal one, or use -g", raw, string(c), c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

var ipv6 = field.Pattern(`^\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%[^\]/]*)?\]`)

// withoutDots removes the segments "." and ".." from a path (RFC 3986 section 5.2.4).
func withoutDots(path string) string {
	segments := strings.Split(path, "/")[1:]
	var out []string
	for i, s := range segments {
		dots := strings.ReplaceAll(strings.ToLower(s), "%2e", ".")
		if dots == ".." && len(out) > 0 {
			out = out[:len(out)-1]
		}
		if dots != "." && dots != ".." {
			out = append(out, s)
		} else if i == len(segments)-1 {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}
