package shop

import (
	"encoding/json"
	"testing"
)

func TestOnlySecondHostIssuesTokens(t *testing.T) {
	const grant = "grant_type=password&username=user1&password=secret1"
	s := New(Config{SecondHost: "auth.example"})
	u := visit(t, s)
	u.must(421, "POST", "/token", grant)
	u.host = "auth.example:8080"
	u.must(421, "GET", "/items", "")
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	json.Unmarshal([]byte(u.must(200, "POST", "/token", grant)), &answer)
	u.host, u.headers["Authorization"] = "shop.example", "Bearer "+answer.AccessToken
	u.must(200, "GET", "/account", "") // which sets the cookie
	u.csrf()
	wantViolations(t, s, map[Kind]int64{Host: 2})

	u.host = "auth.example"
	u.must(421, "POST", "/token", grant) // with the other host's cookie
	wantViolations(t, s, map[Kind]int64{Host: 3})
}
