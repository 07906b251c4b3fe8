// Package cookie keeps the cookies of one virtual user (RFC 6265). A jar is a short list, without maps or locks: thousands of
// them wait in memory, and each belongs to one user. There is no public suffix list: a Domain attribute must name a parent domain with
// at least one dot, and only hosts below it receive the cookie.
package cookie

import (
	"strings"
	"time"
)

// Limits of what a target can make a user store; cookies beyond them are dropped (RFC 6265 §6.1 requires at least these).
const (
	maxCookies = 50
	maxBytes   = 4096 // name and value
)

// Jar holds the cookies of one user; the zero value is empty. It is not safe for concurrent use.
type Jar struct{ list []cookie }

type cookie struct {
	name, value string
	domain      string // lower case
	path        string
	expires     int64 // seconds since 1970; 0: a session cookie
	hostOnly    bool
	secure      bool
}

// Reset removes all cookies.
func (j *Jar) Reset() {
	clear(j.list)
	j.list = j.list[:0]
}

// Len returns the number of cookies.
func (j *Jar) Len() int { return len(j.list) }

// Set stores the Set-Cookie value of a response from host (lower case, without a port) to a request for path, at now
// in seconds since 1970. Cookies that are malformed, or for other hosts, are ignored.
func (j *Jar) Set(host, path string, now int64, header string) {
	c, ok := parse(header, now)
	if !ok {
		return
	}
	switch {
	case c.domain == "":
		c.domain, c.hostOnly = host, true
	case c.domain == host:
	case !strings.Contains(c.domain, ".") || !below(host, c.domain):
		return
	}
	if !strings.HasPrefix(c.path, "/") {
		c.path = directory(path)
	}
	at := j.index(&c)
	expired := c.expires != 0 && c.expires <= now
	switch {
	case at >= 0 && expired:
		j.list = append(j.list[:at], j.list[at+1:]...)
	case at >= 0:
		j.list[at] = c
	case !expired && len(j.list) < maxCookies:
		j.list = append(j.list, c)
	}
}

func (j *Jar) index(c *cookie) int {
	for i := range j.list {
		if have := &j.list[i]; have.name == c.name && have.domain == c.domain && have.path == c.path {
			return i
		}
	}
	return -1
}

// Append appends the value of the Cookie header for a request to host and path at now, or nothing if no cookie matches. secure means that
// the request is encrypted. Cookies with longer paths come first (RFC 6265 §5.4).
func (j *Jar) Append(dst []byte, host, path string, secure bool, now int64) []byte {
	start := len(dst)
	last := 1 << 30 // length of the paths that were added in the last pass
	for {
		longest := -1
		for i := range j.list {
			if c := &j.list[i]; len(c.path) < last && len(c.path) > longest && c.matches(host, path, secure, now) {
				longest = len(c.path)
			}
		}
		if longest < 0 {
			return dst
		}
		for i := range j.list {
			c := &j.list[i]
			if len(c.path) != longest || !c.matches(host, path, secure, now) {
				continue
			}
			if len(dst) > start {
				dst = append(dst, "; "...)
			}
			dst = append(append(append(dst, c.name...), '='), c.value...)
		}
		last = longest
	}
}

func (c *cookie) matches(host, path string, secure bool, now int64) bool {
	return (c.domain == host || !c.hostOnly && below(host, c.domain)) &&
		(!c.secure || secure) && (c.expires == 0 || c.expires > now) && under(path, c.path)
}

// below reports whether host is a subdomain of domain. IP addresses have no subdomains.
func below(host, domain string) bool {
	return strings.HasSuffix(host, domain) && len(host) > len(domain) && host[len(host)-len(domain)-1] == '.' && !isAddress(host)
}

func isAddress(host string) bool {
	return strings.Contains(host, ":") || strings.Trim(host, "0123456789.") == ""
}

// under implements the path-match of RFC 6265 §5.1.4.
func under(path, prefix string) bool {
	path, _, _ = strings.Cut(path, "?")
	return strings.HasPrefix(path, prefix) &&
		(len(path) == len(prefix) || strings.HasSuffix(prefix, "/") || path[len(prefix)] == '/')
}

// directory implements the default-path of RFC 6265 §5.1.4.
func directory(path string) string {
	path, _, _ = strings.Cut(path, "?")
	if i := strings.LastIndexByte(path, '/'); i > 0 && path[0] == '/' {
		return path[:i]
	}
	return "/"
}

// dates are the forms of Expires that servers send.
var dates = []string{time.RFC1123, "Mon, 02-Jan-2006 15:04:05 MST", "Mon, 02-Jan-06 15:04:05 MST", time.RFC850, time.ANSIC}
