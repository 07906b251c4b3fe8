//go:build e2e && unix

package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// For unexpected responses, the page shows the first exchange of each failure, its details on demand, and a
// chart line for each request.
func TestPageExplainsFailures(t *testing.T) {
	b, f, serve := openPage(t)
	spec := fmt.Sprintf(`{"spec": {"test_type": "tsunami", "target": %q, "rate_rps": 100, "duration_us": 4000000,
		"requests": [{"name": "list", "url": "/ping"}, {"name": "buy", "url": "/ping?card=4111", "expect": {"statuses": [204]}}]}}`, f.url)
	eventually(t, 20*time.Second, "the run is made", func() bool { return serve.call("POST", "/runs", spec, nil) == http.StatusCreated })
	b.shows("#run", `FINISHED`)
	b.shows("#failures", `status 200 · buy · GET /ping\?card=\(hidden\) · d1`)
	b.shows("#causes", `unexpected: \d+ by status`)
	b.shows("#findings", `the failures are those of request buy`)
	b.shows("#slowest", `status 200 · d1`)
	b.click("#failures summary")
	b.shows("#failures details[open]", `HTTP/1.1 200 OK`)
	b.shows("#latency-by", `list`)
	b.quiet()
}
