package shop

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

// accounts are the users user1 … userN, with the passwords secret1 … secretN.
type accounts struct {
	n        int
	loggedIn []atomic.Uint64 // one bit per account
	seen     *atomic.Int64   // number of bits set
}

func newAccounts(n int) accounts {
	return accounts{n: n, loggedIn: make([]atomic.Uint64, n/64+1), seen: new(atomic.Int64)}
}

// check reports whether the password is right, and records the login.
func (a accounts) check(user, password string) bool {
	number, ok := strings.CutPrefix(user, "user")
	if !ok || password != "secret"+number {
		return false
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > a.n || strconv.Itoa(n) != number {
		return false
	}
	if bit := uint64(1) << (n % 64); a.loggedIn[n/64].Or(bit)&bit == 0 {
		a.seen.Add(1)
	}
	return true
}

// usersCSV serves all accounts as CSV, to use as the data of a test.
func (s *Shop) usersCSV(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	fmt.Fprint(w, "user,password\n")
	for i := range s.accounts.n {
		if _, err := fmt.Fprintf(w, "user%d,secret%d\n", i+1, i+1); err != nil {
			return
		}
	}
}
