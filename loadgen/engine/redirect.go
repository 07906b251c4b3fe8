package engine

import (
	"landfall/loadgen/extract"
	"landfall/loadgen/script"
)

// hop is a redirect that a user follows: the step's request again, to another path or host.
type hop struct {
	to script.Hop // without a path: none is followed
	n  int        // how many the step has followed
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
	next, ok := s.program.Redirect(int(u.host), u.path, to)
	if !ok {
		u.failed = "it is redirected to a host that neither the target, a step nor hosts names"
		return true
	}
	next.Get = u.hop.to.Get || q.Status == 303 && method != "HEAD" || q.Status < 303 && method == "POST"
	u.hop = hop{to: next, n: u.hop.n + 1}
	return true
}
