package shop

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

const (
	cookieName = "session"
	maxBody    = 64 << 10 // bytes, except uploads
)

// credentials are the body of POST /login, as JSON or as a form.
type credentials struct {
	User     string `json:"user"`
	Password string `json:"password"`
}

func (s *Shop) loginForm(w http.ResponseWriter, r *http.Request) {
	answer(w, r, http.StatusOK, htmlType, []byte(`<!doctype html><title>Login</title>
<form method="post" action="/login"><input name="user"><input name="password" type="password"><button>Log in</button></form>
`))
}

// login responds to JSON with a token, and to a form with a redirect to the account. Both set the session cookie.
func (s *Shop) login(w http.ResponseWriter, r *http.Request) {
	var c credentials
	if !readBody(w, r, &c, func() { c = credentials{r.PostFormValue("user"), r.PostFormValue("password")} }) {
		return
	}
	n := s.newSession(w, r, c.User, c.Password)
	if n == nil {
		return
	}
	setCookie(w, n.id)
	if isForm(r) {
		http.Redirect(w, r, "/account", http.StatusSeeOther)
		return
	}
	answerJSON(w, r, http.StatusOK, map[string]any{"token": n.token, "user": map[string]string{"name": n.user}})
}

// token is an OAuth 2 token endpoint (RFC 6749): grant_type password with the account in the form, or client_credentials with the account
// as basic authentication.
func (s *Shop) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	user, password := r.PostFormValue("username"), r.PostFormValue("password")
	switch grant := r.PostFormValue("grant_type"); grant {
	case "password":
	case "client_credentials":
		user, password, _ = r.BasicAuth()
	default:
		answerJSON(w, r, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	if n := s.newSession(w, r, user, password); n != nil {
		answerJSON(w, r, http.StatusOK, map[string]any{"access_token": n.token, "token_type": "Bearer", "expires_in": int(lifetime.Seconds())})
	}
}

// newSession logs a user in. It responds with an error and returns nil if the login is refused.
func (s *Shop) newSession(w http.ResponseWriter, r *http.Request, user, password string) *session {
	if !s.accounts.check(user, password) {
		s.refuse(w, r, Password, "unknown user or wrong password")
		return nil
	}
	n, ok := s.sessions.open(user)
	if !ok {
		answerJSON(w, r, http.StatusServiceUnavailable, map[string]string{"error": "too many sessions"})
		return nil
	}
	s.logins.Add(1)
	return n
}

// account serves the account page to users with a token or a cookie, and sets the cookie.
func (s *Shop) account(w http.ResponseWriter, r *http.Request) {
	n := s.visitor(w, r)
	if n == nil {
		return
	}
	setCookie(w, n.id)
	if wantsHTML(r) {
		answer(w, r, http.StatusOK, htmlType, []byte("<!doctype html><title>Account</title><p>welcome, <b id=\"name\">"+n.user+"</b></p>\n"))
		return
	}
	answerJSON(w, r, http.StatusOK, map[string]string{"name": n.user, "welcome": "welcome, " + n.user})
}

func (s *Shop) logout(w http.ResponseWriter, r *http.Request) {
	n := s.byCookie(w, r)
	if n == nil {
		return
	}
	s.sessions.end(n)
	s.logouts.Add(1)
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1})
	w.WriteHeader(http.StatusNoContent)
}

func setCookie(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// visitor returns the session of a bearer token or cookie. If the request has both, they must be of one session. It responds with an error
// and returns nil if the request is refused.
func (s *Shop) visitor(w http.ResponseWriter, r *http.Request) *session {
	if r.Header.Get("Authorization") == "" {
		return s.byCookie(w, r)
	}
	n := s.byToken(w, r)
	if c, err := r.Cookie(cookieName); n != nil && err == nil && c.Value != n.id {
		s.refuse(w, r, Cookie, "token and cookie are of different sessions")
		return nil
	}
	return n
}

func (s *Shop) byCookie(w http.ResponseWriter, r *http.Request) *session {
	c, err := r.Cookie(cookieName)
	if err != nil {
		s.refuse(w, r, Cookie, "no session cookie")
		return nil
	}
	n := s.sessions.byID(c.Value)
	if n == nil {
		s.refuse(w, r, Cookie, "unknown or expired session")
	}
	return n
}

func (s *Shop) byToken(w http.ResponseWriter, r *http.Request) *session {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		s.refuse(w, r, Token, "no bearer token")
		return nil
	}
	n := s.sessions.byToken(token)
	if n == nil {
		s.refuse(w, r, Token, "unknown or expired token")
	}
	return n
}

// readBody decodes a JSON body into v, or calls form if the body is a form. It responds with an error and returns false if the body is
// invalid.
func readBody(w http.ResponseWriter, r *http.Request, v any, form func()) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if isForm(r) {
		form()
		return true
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		answerJSON(w, r, http.StatusBadRequest, map[string]string{"error": "the body must be JSON or a form: " + err.Error()})
	}
	return err == nil
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}
