// Package shop is the part of the sample target for virtual users: they log in, get a token (JSON) and a session cookie, fetch a form
// with a CSRF token, put items into a cart, order, upload files, and follow redirects.
//
// The shop checks what a faulty client gets wrong (token, cookie, CSRF token, order of steps, host) and counts each violation ([Kind]), so
// that tests can compare a report with the target's view.
//
//	GET  /login /cart/form /items /items/{id} /cart /account /orders/{id} /redirect/{n} /users.csv
//	POST /login /token /cart /checkout /upload /logout
package shop

import (
	"net/http"
	"sync/atomic"
)

// Config configures a shop. The zero Config has 1,000 accounts and issues tokens at any host name.
type Config struct {
	Accounts   int    // user1 … userN; 0: 1000
	SecondHost string // the only host name for POST /token, which serves nothing else; "": any
}

// Shop is a [http.Handler].
type Shop struct {
	config   Config
	mux      *http.ServeMux
	sessions *sessions
	accounts accounts

	violations                                  [len(Kinds)]atomic.Int64
	logins, logouts, cartItems, orders, uploads atomic.Int64
}

// Counts are the numbers of users and of their actions.
type Counts struct {
	Logins    int64 `json:"logins"`
	Users     int64 `json:"users"` // accounts that have logged in
	Logouts   int64 `json:"logouts"`
	CartItems int64 `json:"cart_items"` // requests that added to a cart
	Orders    int64 `json:"orders"`
	Uploads   int64 `json:"uploads"` // files
}

// New returns a shop.
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

// ServeHTTP serves one request.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.rightHost(w, r) {
		s.mux.ServeHTTP(w, r)
	}
}

// Counts returns the current counts.
func (s *Shop) Counts() Counts {
	return Counts{
		Logins: s.logins.Load(), Users: s.accounts.seen.Load(), Logouts: s.logouts.Load(),
		CartItems: s.cartItems.Load(), Orders: s.orders.Load(), Uploads: s.uploads.Load(),
	}
}
