package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"landfall/node/driver"
	"landfall/node/fleet"
	"landfall/node/membus"
	"landfall/node/orchestrator"
)

// site is a bus with one driver and one gateway, and a target that counts requests.
type site struct {
	t      *testing.T
	bus    *membus.Bus
	link   *membus.Node // the gateway's
	o      *orchestrator.Orchestrator
	g      *Gateway
	target string
	served atomic.Int64
	token  string
	end    func() // ends all of it
}

func newSite(t *testing.T, c Config, change ...func(*Gateway)) *site {
	s := &site{t: t}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { s.served.Add(1) }))
	t.Cleanup(server.Close)
	s.target = server.URL + "/"
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	s.end = func() { cancel(); wg.Wait() }
	t.Cleanup(s.end)
	bus := membus.New()
	s.bus = bus
	d, err := driver.New(bus.Node("drv-a"), driver.Config{NodeID: "drv-a", Host: "here", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	wg.Go(func() { _ = d.Run(ctx) })
	s.link = bus.Node("o1")
	s.o = orchestrator.New(s.link, orchestrator.Config{ID: "o1", By: "host"})
	wg.Go(func() { _ = s.o.Run(ctx) })
	<-s.o.Ready()
	c.Listen = "127.0.0.1:0"
	if s.g, err = New(s.o, c); err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(s.g)
	}
	wg.Go(func() { _ = s.g.Run(ctx) })
	return s
}

// call sends a request and decodes the response into out, unless it is nil; more are headers: name, value, …
func (s *site) call(method, path, body string, out any, more ...string) *http.Response {
	s.t.Helper()
	r, err := http.NewRequest(method, "http://"+s.g.Addr()+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i+1 < len(more); i += 2 {
		if r.Header.Set(more[i], more[i+1]); more[i] == "Host" {
			r.Host = more[i+1]
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			s.t.Fatalf("%s %s: %s: %v\n%.400s", method, path, resp.Status, err, text)
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	return resp
}

func (s *site) spec(seconds int) string {
	return fmt.Sprintf(`{"spec":{"test_type":"tsunami","target":%q,"rate_rps":100,"duration_us":%d,"connections":4},"count":1}`, s.target, seconds*1_000_000)
}

func TestARunOverREST(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{Version: "test"})
	var made, again Run
	if resp := s.call("POST", "/api/v1/runs", s.spec(2), &made, "Idempotency-Key", "k1"); resp.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %+v", resp.Status, made)
	}
	s.call("POST", "/api/v1/runs", s.spec(2), &again, "Idempotency-Key", "k1")
	if made.TestID == "" || again.TestID != made.TestID {
		t.Fatalf("two runs of one key: %s, %s", made.TestID, again.TestID)
	}
	if resp := s.call("POST", "/api/v1/runs", s.spec(3), nil, "Idempotency-Key", "k1"); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another body with the same key: %s", resp.Status)
	}
	run := "/api/v1/runs/" + made.TestID
	for _, order := range []string{"pause", "resume"} {
		var plans int
		s.o.View(func(st *fleet.State) { plans = len(st.Run(made.TestID).Plans) })
		if resp := s.call("POST", run+"/"+order, "", nil); resp.StatusCode != http.StatusAccepted {
			t.Fatalf("%s: %s", order, resp.Status)
		}
		s.until(func(st *fleet.State) bool { return len(st.Run(made.TestID).Plans) > plans })
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if _, err := s.o.Wait(ctx, made.TestID); err != nil {
		t.Fatal(err)
	}
	var r struct{ Requests int64 }
	resp := s.call("GET", run+"/report", "", &r)
	if cache := resp.Header.Get("Cache-Control"); cache != "private, no-cache" {
		t.Errorf("Cache-Control of the report: %q", cache)
	}
	if r.Requests != 200 || s.served.Load() != 200 {
		t.Errorf("%d requests; the target counted %d", r.Requests, s.served.Load())
	}
	if resp = s.call("GET", run+"/report", "", nil, "If-None-Match", resp.Header.Get("ETag")); resp.StatusCode != http.StatusNotModified {
		t.Errorf("the same report again: %s", resp.Status)
	}
	for format, want := range map[string]string{"json": "script-src 'self'", "html": "default-src 'none'; style-src 'unsafe-inline'"} {
		if policy := s.call("GET", run+"/report?format="+format, "", nil).Header.Get("Content-Security-Policy"); !strings.Contains(policy, want) {
			t.Errorf("the policy of %s is %q", format, policy)
		}
	}
	for path, want := range map[string]string{
		"/api/v1/runs": made.TestID, "/api/v1/drivers?limit=1": "drv-a", "/api/v1/drivers/drv-a": `"liveness":"alive"`, run: `"outcome":"finished"`,
		run + "/report?format=csv": "at_ms,requests", run + "/report?format=text": "200", run + "/report?format=html": "<svg", run + "/intervals": `"p99_us"`, "/livez": "ok", "/readyz": "ok",
		"/metrics": "landfall_run_requests", "/api/v1/openapi.json": `"openapi":"3.1.0"`, "/": "landfall",
	} {
		text, _ := io.ReadAll(s.call("GET", path, "", nil).Body)
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s does not show %q:\n%.300s", path, want, text)
		}
	}
}

func (s *site) until(f func(*fleet.State) bool) {
	s.t.Helper()
	changed, cancel := s.o.Subscribe()
	defer cancel()
	for end := time.After(20 * time.Second); ; {
		done := false
		s.o.View(func(st *fleet.State) { done = f(st) })
		if done {
			return
		}
		select {
		case <-changed:
		case <-end:
			s.t.Fatal("condition not met within 20 s")
		}
	}
}

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

// A refused run does not hide the running one from live clients or metrics.
func TestRefusedRunDoesNotHideTheRunningOne(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	var made Run
	s.call("POST", "/api/v1/runs", s.spec(60), &made)
	s.until(func(st *fleet.State) bool { return st.Run(made.TestID).Intervals.Len() > 0 })
	if resp := s.call("POST", "/api/v1/runs", s.spec(1), nil); resp.StatusCode != http.StatusConflict {
		t.Fatalf("a second run: %s", resp.Status)
	}
	s.until(func(st *fleet.State) bool { return len(st.Runs()) == 2 && !st.Runs()[1].Active() })
	if v := s.g.state(); v.Run == nil || v.Run.TestID != made.TestID || v.IntervalsOf != made.TestID || len(v.Intervals) == 0 {
		t.Errorf("%+v, intervals of %q", v.Run, v.IntervalsOf)
	}
	text, _ := io.ReadAll(s.call("GET", "/metrics", "", nil).Body)
	if !bytes.Contains(text, []byte(`landfall_run_requests_total{test_id="`+made.TestID+`"}`)) || !bytes.Contains(text, []byte("landfall_run_active 1")) {
		t.Errorf("metrics:\n%s", text)
	}
}
