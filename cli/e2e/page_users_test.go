//go:build e2e && unix

package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// The page shows figures of users: iterations by scenario, steps, groups, checks, and why iterations failed.
func TestPageShowsUsers(t *testing.T) {
	b, f, serve := openPage(t)
	spec := fmt.Sprintf(`{"spec": {"target": %q, "scenarios": [
		{"name": "browse", "users": 3, "duration_us": 6000000, "steps": [{"group": "front", "steps": [{"name": "list", "get": "/ping", "checks": [{"name": "fine", "status": "200"}]}]}, {"think": "100ms"}]},
		{"name": "buy", "rate_rps": 10, "duration_us": 6000000, "steps": [{"name": "pay", "get": "/ping", "extract": {"token": {"json": "$.none"}}}]}]}}`, f.url)
	eventually(t, 20*time.Second, "the run is made", func() bool { return serve.call("POST", "/runs", spec, nil) == http.StatusCreated })
	b.shows("#tables", `browse[\s\S]*buy`)
	b.shows("#run", `FINISHED`)
	b.shows("#tables", `buy\d+6060[\d.]+600060`)
	b.shows("#tables", `Groups[\s\S]*front[\s\S]*Checks[\s\S]*finelist\d+0`)
	b.shows("#tables", `Why iterations failed[\s\S]*pay60`)
	b.shows("#figures", `(?i)iterations failed`)
	b.shows("#users-by", `(?i)users`)
	b.quiet()
}
