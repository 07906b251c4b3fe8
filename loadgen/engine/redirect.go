package engine

import (
	"net/url"
	"strings"

	"landfall/loadgen/extract"
)

// hop is a redirect that a user follows: the step's request again, to another path.
type hop struct {
	path string // "": none is followed
	get  bool   // as a GET without a body
	n    int    // how many the step has followed
}

// redirect tells whether a response leads elsewhere and the user follows. What a step wants of a response it wants of the last.
func (s *users) redirect(u *user, q *extract.Response, method string) bool {
	to := ""
	switch q.Status {
	case 301, 302, 303, 307, 308:
		to = extract.HeaderValue(q.Head, "Location")
	}
	switch {
	case to == "" || s.redirects == 0:
		u.hop = hop{}
		return false
	case u.hop.n >= s.redirects:
		u.failed = "more redirects than the spec allows"
		return true
	}
	path, ok := s.resolve(u.path, to)
	if !ok {
		u.failed = "it is redirected to another host"
		return true
	}
	get := u.hop.get || q.Status == 303 && method != "HEAD" || q.Status < 303 && method == "POST"
	u.hop = hop{path: path, get: get, n: u.hop.n + 1}
	return true
}

// resolve is where a reference leads from a path (RFC 3986 §5); false: to another host than the target's.
func (s *users) resolve(from, to string) (path string, ok bool) {
	scheme := "http"
	if s.program.Secure {
		scheme = "https"
	}
	base, err := url.Parse(scheme + "://" + s.program.Authority + from)
	if err != nil {
		return "", false
	}
	u, err := base.Parse(to)
	if err != nil || u.Scheme != scheme || !strings.EqualFold(u.Host, base.Host) {
		return "", false
	}
	return u.RequestURI(), true
}
