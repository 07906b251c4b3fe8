package gateway

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func TestProblemsNameTheField(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"rate", "POST", "/api/v1/runs", `{"spec":{"test_type":"tsunami","target":"http://127.0.0.1/","rate_rps":-1,"duration_us":1000000}}`, 422, `body.spec.rate_rps`},
		{"unknown field", "POST", "/api/v1/runs", `{"spec":{"target":"http://127.0.0.1/","speed":1}}`, 422, `speed`},
		{"no JSON", "POST", "/api/v1/runs", `{`, 400, ``},
		{"no spec", "POST", "/api/v1/runs", `{}`, 422, `spec`},
		{"duration as text", "POST", "/api/v1/runs", `{"spec":{"target":"http://127.0.0.1/","duration_us":"1s"}}`, 422, `duration_us`},
		{"refused", "POST", "/api/v1/runs", `{"spec":{"target":"http://192.0.2.1/","message_count":1}}`, 409, `drivers.drv-a`},
		{"no such run", "GET", "/api/v1/runs/nope", ``, 404, `no such run`},
		{"stop no run", "POST", "/api/v1/runs/nope/stop", ``, 404, `no such run`},
		{"no such driver", "POST", "/api/v1/drivers/nope/kill", ``, 404, `no such driver`},
		{"kind", "POST", "/api/v1/runs", `{"spec":{"test_type":"flood","target":"http://127.0.0.1/"}}`, 422, `body.spec.test_type`},
		{"a rate of zero", "POST", "/api/v1/runs/nope/adjust", `{"rate_rps":0}`, 422, `body.rate_rps`},
		{"a rate of zero, by its name in spec files", "POST", "/api/v1/runs/nope/adjust", `{"rate":0}`, 422, `body.rate`},
		{"a rate by both names", "POST", "/api/v1/runs/nope/adjust", `{"rate":5,"rate_rps":5}`, 422, `set one of them`},
		{"no rate", "POST", "/api/v1/runs/nope/adjust", `{}`, 422, `must be set`},
		{"a rate as text", "POST", "/api/v1/runs/nope/adjust", `{"rate":"5/s"}`, 422, `body.rate`},
		{"no WebSocket", "GET", "/api/v1/live", ``, 400, `websocket`},
		{"nowhere", "GET", "/api/v1/nowhere", ``, 404, `/api/v1/nowhere`},
		{"no such method", "DELETE", "/api/v1/runs", ``, 405, `GET, HEAD, POST`},
		{"limit", "GET", "/api/v1/runs?limit=0", ``, 422, `query.limit`},
		{"crowded", "POST", "/api/v1/runs", `{"spec":{"requests":[` + strings.Repeat("{},", maxBody/4) + `{}]}}`, 400, `objects`},
		{"huge", "POST", "/api/v1/runs", `{"spec":{"body":"` + strings.Repeat("a", maxBody) + `"}}`, 413, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp := s.call(c.method, c.path, c.body, nil)
			text, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != c.status || !bytes.Contains(text, []byte(c.want)) || resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %.600s", resp.Status, resp.Header.Get("Content-Type"), text)
			}
		})
	}
}
