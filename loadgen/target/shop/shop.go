// Package shop is the part of the sample target that virtual users visit: they log in with a password of a known set, get
// a token (JSON) and a session cookie, fetch a form with a CSRF token, put items into a cart, order, upload, and follow
// redirects. It checks what a careless client gets wrong (token, cookie, CSRF, order of the steps, host) and counts each
// such violation, so that a test knows both sides.
//
//	GET  /login /cart/form /items /items/{id} /cart /account /orders/{id} /redirect/{n} /users.csv
//	POST /login /token /cart /checkout /upload /logout
package shop

import (
	"net/http"
	"sync/atomic"
)

// Config of a shop; the zero Config has 1,000 accounts and issues tokens at any host name.
type Config struct {
	Accounts   int    // user1 … userN; 0: 1000
	SecondHost string // host name at which alone POST /token answers, and nothing else does; empty: any
}

// Shop is an http.Handler.
type Shop struct {
	config   Config
	mux      *http.ServeMux
	sessions *sessions
	accounts accounts

	violations                                  [len(Kinds)]atomic.Int64
	logins, logouts, cartItems, orders, uploads atomic.Int64
}

// Counts are the users' actions.
type Counts struct {
	Logins    int64 `json:"logins"`
	Users     int64 `json:"users"` // accounts that have logged in: less than logins if one did so twice
	Logouts   int64 `json:"logouts"`
	CartItems int64 `json:"cart_items"` // requests that put something into a cart
	Orders    int64 `json:"orders"`
	Uploads   int64 `json:"uploads"` // files
}

// New is an open shop.
func New(c Config) *Shop {
	if c.Accounts == 0 {
		c.Accounts = 1000
	}
	s := &Shop{config: c, mux: http.NewServeMux(), sessions: newSessions(maxSessions), accounts: newAccounts(c.Accounts)}
	for pattern, serve := range map[string]http.HandlerFunc{
		"GET /login": s.loginForm, "POST /login": s.login, "POST /token": s.token, "GET /account": s.account,
		"POST /logout": s.logout, "GET /users.csv": s.usersCSV,
		"GET /items": s.listItems, "GET /items/{id}": s.showItem,
		"GET /cart/form": s.cartForm, "POST /cart": s.addToCart, "GET /cart": s.showCart,
		"POST /checkout": s.checkout, "GET /orders/{id}": s.showOrder,
		"POST /upload": s.upload, "GET /redirect/{n}": s.redirect,
	} {
		s.mux.HandleFunc(pattern, serve)
	}
	return s
}

// ServeHTTP answers one request.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.rightHost(w, r) {
		s.mux.ServeHTTP(w, r)
	}
}

// Counts returns the users' actions so far.
func (s *Shop) Counts() Counts {
	return Counts{
		Logins: s.logins.Load(), Users: s.accounts.seen.Load(), Logouts: s.logouts.Load(),
		CartItems: s.cartItems.Load(), Orders: s.orders.Load(), Uploads: s.uploads.Load(),
	}
}
