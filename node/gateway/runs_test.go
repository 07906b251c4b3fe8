package gateway

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"landfall/node/fleet"
)

func TestARunOverREST(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{Version: "test"})
	var created, again Run
	if resp := s.call("POST", "/api/v1/runs", s.spec(2), &created, "Idempotency-Key", "k1"); resp.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %+v", resp.Status, created)
	}
	s.call("POST", "/api/v1/runs", s.spec(2), &again, "Idempotency-Key", "k1")
	if created.TestID == "" || again.TestID != created.TestID {
		t.Fatalf("two runs of one key: %s, %s", created.TestID, again.TestID)
	}
	if resp := s.call("POST", "/api/v1/runs", s.spec(3), nil, "Idempotency-Key", "k1"); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another body with the same key: %s", resp.Status)
	}
	run := "/api/v1/runs/" + created.TestID
	for _, order := range []string{"pause", "resume"} {
		var plans int
		s.o.View(func(st *fleet.State) { plans = len(st.Run(created.TestID).Plans) })
		if resp := s.call("POST", run+"/"+order, "", nil); resp.StatusCode != http.StatusAccepted {
			t.Fatalf("%s: %s", order, resp.Status)
		}
		s.until(func(st *fleet.State) bool { return len(st.Run(created.TestID).Plans) > plans })
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if _, err := s.o.Wait(ctx, created.TestID); err != nil {
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
		"/api/v1/runs": created.TestID, "/api/v1/drivers?limit=1": "drv-a", "/api/v1/drivers/drv-a": `"liveness":"alive"`, run: `"outcome":"finished"`,
		run + "/report?format=csv": "at_ms,requests", run + "/report?format=text": "200", run + "/report?format=html": "<svg", run + "/intervals": `"p99_us"`, "/livez": "ok", "/readyz": "ok",
		"/metrics": "landfall_run_requests", "/api/v1/openapi.json": `"openapi":"3.1.0"`, "/": "landfall",
	} {
		text, _ := io.ReadAll(s.call("GET", path, "", nil).Body)
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s does not show %q:\n%.300s", path, want, text)
		}
	}
}

// A refused run does not hide the running one from live clients or metrics.
func TestRefusedRunDoesNotHideTheRunningOne(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	var created Run
	s.call("POST", "/api/v1/runs", s.spec(60), &created)
	s.until(func(st *fleet.State) bool { return st.Run(created.TestID).Intervals.Len() > 0 })
	if resp := s.call("POST", "/api/v1/runs", s.spec(1), nil); resp.StatusCode != http.StatusConflict {
		t.Fatalf("a second run: %s", resp.Status)
	}
	s.until(func(st *fleet.State) bool { return len(st.Runs()) == 2 && !st.Runs()[1].Active() })
	if v := s.g.state(); v.Run == nil || v.Run.TestID != created.TestID || v.IntervalsOf != created.TestID || len(v.Intervals) == 0 {
		t.Errorf("%+v, intervals of %q", v.Run, v.IntervalsOf)
	}
	text, _ := io.ReadAll(s.call("GET", "/metrics", "", nil).Body)
	if !bytes.Contains(text, []byte(`landfall_run_requests_total{test_id="`+created.TestID+`"}`)) || !bytes.Contains(text, []byte("landfall_run_active 1")) {
		t.Errorf("metrics:\n%s", text)
	}
}
