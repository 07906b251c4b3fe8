package engine

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// evidenceOf merges the evidence of a run's snapshots, like a fleet.
func evidenceOf(m measured) (list []evidence.Exchange, slow []evidence.Slow) {
	for _, s := range m.list {
		list, slow = evidence.Merge(list, s.Exchanges), evidence.Slowest(slow, s.Slowest)
	}
	return list, slow
}

// broken answers some requests wrongly, each in a different way.
func broken(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/status":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Session", "s3ssion")
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(w, "{\"error\": \"out of stock\",\r\n\"token\": \"t0ken\", \"key\": %q}", r.Header.Get("X-Api-Key"))
	case "/long": // in many pieces
		w.WriteHeader(http.StatusBadGateway)
		for range 100 {
			io.WriteString(w, strings.Repeat("upstream failed ", 64))
			w.(http.Flusher).Flush()
		}
	case "/body":
		io.WriteString(w, "nothing of the kind")
	case "/zipped":
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusNotFound)
		z := gzip.NewWriter(w)
		io.WriteString(z, "no such thing")
		z.Close()
	case "/picture":
		w.WriteHeader(http.StatusTeapot)
		w.Write([]byte("\x89PNG\r\n\x1a\n\x00\x00"))
	}
}

// Each distinct failure has its first exchanges, complete and without secrets.
func TestEvidenceOfFailures(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, broken, nil)
		spec := loadgen.Spec{Target: strings.Replace(r.url, "http://", "http://ann:passw0rd@", 1), Count: 400, Connections: 4, Order: "sequence",
			Headers: map[string]string{"X-Api-Key": "0123456789"}}
		for _, name := range []string{"status", "long", "body", "zipped", "picture", "fine"} {
			spec.Requests = append(spec.Requests, loadgen.Request{Name: name, URL: "/" + name + "?id={{seq}}&page={{random}}"})
		}
		spec.Requests[2].Expect.BodyContains = "this"
		m := carry(t, spec, o, loadgen.Share{}, nil)
		list, _ := evidenceOf(m)
		by := map[string][]evidence.Exchange{}
		for _, e := range list {
			by[e.Request] = append(by[e.Request], e)
			if e.LatencyUS <= 0 || e.AtMS < 0 {
				t.Errorf("%+v", e)
			}
		}
		for name, want := range map[string]struct {
			cause           evidence.Cause
			why, head, sent string
			body            string
		}{
			"status":  {evidence.Status, "status 500", "HTTP/1.1 500 Internal Server Error", "X-Api-Key: (hidden)", `{"error": "out of stock",|"token": "(hidden)", "key": "(hidden)"}`},
			"long":    {evidence.Status, "status 502", "Transfer-Encoding: chunked", "Host: " + strings.TrimPrefix(r.url, "http://"), strings.Repeat("upstream failed ", 64)},
			"body":    {evidence.Body, `does not contain "this"`, "HTTP/1.1 200 OK", "Authorization: (hidden)", "nothing of the kind"},
			"zipped":  {evidence.Status, "status 404", "Content-Encoding: gzip", "User-Agent: landfall", "no such thing"},
			"picture": {evidence.Status, "status 418", "HTTP/1.1 418 I'm a teapot", "User-Agent: landfall", "(not text)"},
		} {
			got := by[name]
			if len(got) != evidence.PerFailure {
				t.Errorf("%s: %d exchanges", name, len(got))
				continue
			}
			e := got[0]
			if !e.Whole || e.Cause != want.cause || e.Why != want.why || !slices.Contains(e.Head, want.head) || !slices.Contains(e.Sent, want.sent) || strings.Join(e.Body, "|") != want.body {
				t.Errorf("%s: %+v", name, e)
			}
			if line := e.Sent[0]; !strings.HasPrefix(line, "GET /"+name+"?id=(hidden)&page=") || strings.Contains(line, "{{") {
				t.Errorf("%s: request line %q", name, line)
			}
		}
		text := fmt.Sprintf("%+v", list)
		for _, secret := range []string{"0123456789", "t0ken", "s3ssion", "passw0rd"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s is shown: %s", secret, text)
			}
		}
		if by["fine"] != nil {
			t.Errorf("of what succeeded: %+v", by["fine"])
		}
		want := map[evidence.Cause]int64{evidence.Status: m.Total.Statuses["500"] + m.Total.Statuses["502"] + m.Total.Statuses["404"] + m.Total.Statuses["418"], evidence.Body: m.Total.Unexpected}
		want[evidence.Body] -= want[evidence.Status]
		if got := m.Total.UnexpectedBy; got[evidence.Status] != want[evidence.Status] || got[evidence.Body] != want[evidence.Body] || len(got) != 2 {
			t.Errorf("unexpected by %v, want %v", got, want)
		}
	})
}

// If the data received is not a response, its beginning is shown.
func TestEvidenceOfErrors(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		target := misbehave(t, func(c net.Conn, n int) bool {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok")
			return false
		})
		m := carry(t, loadgen.Spec{Target: target + "x", Count: 20, Connections: 1}, o, loadgen.Share{}, nil)
		list, slow := evidenceOf(m)
		if len(list) == 0 || list[0].Cause != evidence.Error || !strings.HasPrefix(list[0].Why, "protocol: ") || !list[0].Whole ||
			list[0].Sent[0] != "GET /x HTTP/1.1" || !slices.Contains(list[0].Head, "Content-Length: many") || list[0].Status != 0 {
			t.Errorf("%+v", list)
		}
		if len(slow) != 0 {
			t.Errorf("slowest of no responses: %+v", slow)
		}
	})
}

// TestEvidenceOverHTTP2 has the status, the header without secrets and the body.
func TestEvidenceOverHTTP2(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, broken, func(s *httptest.Server) { s.EnableHTTP2 = true; s.StartTLS() })
		spec := loadgen.Spec{Target: r.url, HTTP2: true, Streams: 4, Count: 100, Connections: 1, TLS: loadgen.TLS{Insecure: true}, Order: "sequence",
			Requests: []loadgen.Request{{Name: "status", URL: "/status"}, {Name: "body", URL: "/body", Expect: loadgen.Expect{BodyContains: "this"}}}}
		list, _ := evidenceOf(carry(t, spec, o, loadgen.Share{}, nil))
		if len(list) != 2*evidence.PerFailure {
			t.Fatalf("%+v", list)
		}
		for _, e := range []evidence.Exchange{list[0], list[evidence.PerFailure]} { // the first of each failure
			if !e.Whole || len(e.Body) == 0 || !strings.HasPrefix(e.Head[0], "HTTP/2 ") || e.Sent[0] != "GET /"+e.Request+" HTTP/2" {
				t.Errorf("%+v", e)
			}
		}
		// The first response of a connection has all its header fields in full.
		if text := strings.ToLower(fmt.Sprintf("%+v", list)); !strings.Contains(text, "x-session: (hidden)") || strings.Contains(text, "s3ssion") {
			t.Errorf("%s", text)
		}
	})
}

// Evidence is collected for a failed check, and for a missing value.
func TestEvidenceOfUsers(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) { fmt.Fprintf(w, `{"path": %q}`, q.URL.Path) }, nil)
		spec := loadgen.Spec{Target: r.url, Users: 2, Count: 40, Scenarios: []loadgen.Scenario{{Name: "s", Steps: []loadgen.Step{
			{Name: "check", Get: "/check", Checks: []loadgen.Check{{BodyContains: "absent"}}},
			{Name: "value", Get: "/value", Extract: map[string]loadgen.Extract{"id": {JSON: "$.id"}}},
		}}}}
		list, _ := evidenceOf(carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil))
		for _, want := range []struct {
			step  string
			cause evidence.Cause
		}{{"check", evidence.Check}, {"value", evidence.Extract}} {
			i := slices.IndexFunc(list, func(e evidence.Exchange) bool { return e.Request == want.step })
			if i < 0 || list[i].Cause != want.cause || !list[i].Whole || list[i].Sent[0] != "GET /"+want.step+" HTTP/1.1" || list[i].Body[0] != `{"path": "/`+want.step+`"}` {
				t.Errorf("%s: %+v", want.step, list)
			}
		}
	})
}

// The slowest requests are those of the run after its warm-up.
func TestSlowestAreThoseOfTheRun(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			if strings.HasSuffix(q.URL.RawQuery, "50") {
				time.Sleep(60 * time.Millisecond)
			}
		}, nil)
		spec := loadgen.Spec{Kind: loadgen.Tsunami, Target: r.url + "/?n={{seq}}", RateRPS: 500, Duration: loadgen.Duration(1800 * time.Millisecond), Connections: 8}
		_, slow := evidenceOf(carry(t, spec, o, loadgen.Share{}, nil))
		sleepy := 0
		for _, s := range slow {
			if s.LatencyUS >= 60_000 && s.ServiceUS <= s.LatencyUS && s.Status == 200 {
				sleepy++
			}
		}
		if len(slow) != evidence.MaxSlowest || sleepy < 9 {
			t.Errorf("%d of them slept: %+v", sleepy, slow)
		}
	})
}
