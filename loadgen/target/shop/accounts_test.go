package shop

import (
	"strings"
	"testing"
)

func TestUsersCSVHoldsAllAccounts(t *testing.T) {
	lines := strings.Fields(visit(t, New(Config{Accounts: 3})).must(200, "GET", "/users.csv", ""))
	if strings.Join(lines, " ") != "user,password user1,secret1 user2,secret2 user3,secret3" {
		t.Errorf("%q", lines)
	}
}

func TestLoginsOfOneAccountCountAsOneUser(t *testing.T) {
	s := New(Config{Accounts: 200})
	for range 2 {
		for _, n := range []string{"1", "63", "64", "200"} {
			visit(t, s).must(200, "POST", "/login", `{"user":"user`+n+`","password":"secret`+n+`"}`)
		}
	}
	if c := s.Counts(); c.Logins != 8 || c.Users != 4 {
		t.Errorf("%d logins of %d users, want 8 of 4", c.Logins, c.Users)
	}
}
