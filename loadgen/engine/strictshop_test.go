package engine

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// strictShop is a server that tracks the steps of each user, refuses those in the wrong order, and counts.
type strictShop struct {
	mu                            sync.Mutex
	sessions                      map[string]string // token by session cookie
	n                             int
	logins, items, carts, refused atomic.Int64
	connections                   atomic.Int64
}

func (s *strictShop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/login":
		s.login(w, r)
	case "/form":
		fmt.Fprintf(w, `<input name="csrf" value="c-%s">`, s.token(r))
	case "/item":
		if s.allowed(w, r, r.Header.Get("Authorization") == "Bearer "+s.token(r)) {
			s.items.Add(1)
			fmt.Fprintf(w, `{"price": %s}`, r.URL.Query().Get("id"))
		}
	case "/cart":
		var body struct{ CSRF, Note string }
		err := json.NewDecoder(r.Body).Decode(&body)
		if s.allowed(w, r, err == nil && body.CSRF == "c-"+s.token(r) && body.Note == `say "hi"`) {
			s.carts.Add(1)
		}
	default:
		http.NotFound(w, r)
	}
}

func (s *strictShop) login(w http.ResponseWriter, r *http.Request) {
	if r.Method != "POST" || r.FormValue("user") != "a b&c" {
		s.refused.Add(1)
		w.WriteHeader(401)
		return
	}
	s.mu.Lock()
	s.n++
	sid, token := fmt.Sprint("s", s.n), fmt.Sprint("t", s.n)
	s.sessions[sid] = token
	s.mu.Unlock()
	s.logins.Add(1)
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: sid, Path: "/", HttpOnly: true})
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"token": %q, "user": {"name": "Ann"}}`, token)
}

// token returns the token of the request's session, or "none".
func (s *strictShop) token(r *http.Request) string {
	c, err := r.Cookie("sid")
	if err != nil {
		return "none"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.sessions[c.Value]; ok {
		return t
	}
	return "none"
}

func (s *strictShop) allowed(w http.ResponseWriter, r *http.Request, ok bool) bool {
	if !ok || s.token(r) == "none" {
		s.refused.Add(1)
		w.WriteHeader(403)
		return false
	}
	return true
}

func openShop(t *testing.T) (*strictShop, string) {
	s := &strictShop{sessions: map[string]string{}}
	server := httptest.NewUnstartedServer(s)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return s, server.URL
}
