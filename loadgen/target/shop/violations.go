package shop

import "net/http"

// Kind is a kind of violation.
type Kind string

// The kinds of violations.
const (
	Password Kind = "password" // login with an unknown account or a wrong password
	Token    Kind = "token"    // a bearer token that is missing, unknown, expired or of another session
	Cookie   Kind = "cookie"   // a session cookie that is missing, unknown or expired
	CSRF     Kind = "csrf"     // a form without a token, or with one that was used or is of another session
	Order    Kind = "order"    // a step before the one that it requires
	Host     Kind = "host"     // a request at the wrong host name, or a cookie sent to another host
)

// Kinds are all kinds, in the order of metrics.
var Kinds = [...]Kind{Password, Token, Cookie, CSRF, Order, Host}

var statusOf = map[Kind]int{
	Password: http.StatusUnauthorized, Token: http.StatusUnauthorized, Cookie: http.StatusUnauthorized,
	CSRF: http.StatusForbidden, Order: http.StatusConflict, Host: http.StatusMisdirectedRequest,
}

// Violations returns the number of violations of each kind.
func (s *Shop) Violations() map[Kind]int64 {
	counts := make(map[Kind]int64, len(Kinds))
	for i, kind := range Kinds {
		counts[kind] = s.violations[i].Load()
	}
	return counts
}

// refuse counts a violation and responds with the kind's status and the reason as JSON.
func (s *Shop) refuse(w http.ResponseWriter, r *http.Request, kind Kind, why string) {
	for i, k := range Kinds {
		if k == kind {
			s.violations[i].Add(1)
		}
	}
	answerJSON(w, r, statusOf[kind], map[string]string{"violation": string(kind), "error": why})
}
