package engine

import (
	"landfall/loadgen/extract"
	"landfall/loadgen/script"
)

// hop is a redirect that a user follows: the request of the step is sent again, to another path or host.
type hop struct {
	to script.Hop // without a path: no redirect
	n  int        // number of redirects that the step has followed
}

// redirect reports whether the user follows a redirect. Extracts and checks of the step then apply to a later response.
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
