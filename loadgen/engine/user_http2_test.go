package engine

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"landfall/loadgen"
)

// overHTTP2 is a TLS server with HTTP/2 that counts its connections.
func overHTTP2(t *testing.T, handler http.HandlerFunc) (url string, connections *atomic.Int64) {
	connections = &atomic.Int64{}
	var seen sync.Map
	count := func(w http.ResponseWriter, q *http.Request) {
		if _, known := seen.LoadOrStore(q.RemoteAddr, true); !known {
			connections.Add(1)
		}
		handler(w, q)
	}
	return serve(t, count, func(s *httptest.Server) {
		s.EnableHTTP2 = true
		s.StartTLS()
	}).url, connections
}

// strict is a target over HTTP/2 that requires from each user the cookie, token and order of steps that it issued.
func strict(refused, orders *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		cookie, err := q.Cookie("sid")
		switch {
		case q.ProtoMajor != 2:
			refused.Add(1)
		case q.URL.Path == "/login":
			body, _ := io.ReadAll(q.Body)
			who := strings.TrimPrefix(string(body), "user=")
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: who, Path: "/"})
			w.Header().Set("X-Token", "of-"+who)
			w.Header().Set("Location", "/account")
			w.WriteHeader(303)
		case err != nil || q.URL.Path != "/account" && q.Header.Get("Authorization") != "Bearer of-"+cookie.Value:
			refused.Add(1)
			w.WriteHeader(403)
		case q.URL.Path == "/account":
			w.Header().Set("X-Token", "of-"+cookie.Value)
		case q.URL.Path == "/order":
			body, _ := io.ReadAll(q.Body)
			if string(body) != `{"price": "`+strings.Repeat("7", 40_000)+`", "of": "`+cookie.Value+`"}` {
				refused.Add(1)
			}
			orders.Add(1)
		default:
			fmt.Fprintf(w, `{"price": %q}`, strings.Repeat("7", 40_000))
		}
	}
}

// Users over HTTP/2 log in, follow a redirect, keep cookies and values of headers and bodies, and send parallel requests over one
// connection each, or over shared ones.
func TestUsersOverHTTP2(t *testing.T) {
	for name, c := range map[string]struct {
		shared      bool
		connections int64
	}{"own connections": {false, 60}, "shared connections": {true, 2}} {
		t.Run(name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				var refused, orders atomic.Int64
				url, connections := overHTTP2(t, strict(&refused, &orders))
				bearer := &loadgen.Auth{Bearer: "{{token}}"}
				spec := loadgen.Spec{Target: url, HTTP2: true, Users: 6, Count: 60, Redirects: 2, TLS: loadgen.TLS{Insecure: true}, Timeout: loadgen.Duration(time.Minute),
					Variables: map[string]string{"me": "ann{{iteration}}"}, Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
						{Name: "login", Post: "/login", Form: map[string]string{"user": "{{me}}"}, Extract: map[string]loadgen.Extract{"token": {Header: "X-Token"}}, Checks: []loadgen.Check{{Status: "200"}}},
						{Parallel: []loadgen.Step{
							{Name: "item", Get: "/item", Auth: bearer, Extract: map[string]loadgen.Extract{"price": {JSON: "$.price"}}},
							{Name: "head", Head: "/item", Auth: bearer}, {Name: "third", Get: "/item?id=3", Auth: bearer}, {Name: "fourth", Get: "/item?id=4", Auth: bearer},
						}, Limit: 3},
						{Name: "order", Post: "/order", Auth: bearer, Body: `{"price": "{{price}}", "of": "{{me}}"}`},
					}}}}
				if c.shared {
					spec.SharedConnections, spec.Connections, spec.Streams = true, 2, 4
				}
				m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
				if m.Total.Iterations != 60 || m.Total.IterationsFailed != 0 || m.Total.Unexpected != 0 || m.Total.Requests != 420 || refused.Load() != 0 || orders.Load() != 60 {
					t.Errorf("%+v, %v; %d refused, %d orders", m.Total, m.Failures, refused.Load(), orders.Load())
				}
				if n := connections.Load(); n != c.connections {
					t.Errorf("%d connections", n)
				}
			})
		})
	}
}

// If a target closes each connection with GOAWAY after a few requests, the others are retried over new connections.
func TestUsersOverHTTP2OfATargetThatLeaves(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var served atomic.Int64
		url, _ := overHTTP2(t, func(w http.ResponseWriter, q *http.Request) {
			if served.Add(1)%10 == 0 {
				w.Header().Set("Connection", "close") // GOAWAY
			}
		})
		spec := loadgen.Spec{Target: url, HTTP2: true, SharedConnections: true, Connections: 2, Streams: 8, Users: 12, Count: 300, TLS: loadgen.TLS{Insecure: true}, Timeout: loadgen.Duration(time.Minute),
			Scenarios: []loadgen.Scenario{{Name: "a", Steps: gets("/1", "/2")}}}
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		if m.Total.Iterations != 300 || m.Total.IterationsFailed != 0 || m.Total.Responses != 600 || m.Total.Connects < 3 {
			t.Errorf("%+v, %v", m.Total, m.Failures)
		}
	})
}

// A refused request that finds no connection for a retry within its timeout is an error.
func TestRefusedRequestsOfUsersHaveADeadline(t *testing.T) {
	for name, shared := range map[string]bool{"shared": true, "own": false} {
		t.Run(name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				o.Threads = 1
				url := streams(t, []http2.Setting{{ID: http2.SettingMaxConcurrentStreams, Val: 0}}, func(f *http2.Framer, stream uint32, _ int64) {
					_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
				})
				spec := loadgen.Spec{Target: url, HTTP2: true, SharedConnections: shared, Connections: 1, Users: 1, Count: 1, Timeout: loadgen.Duration(shortTimeout),
					Scenarios: []loadgen.Scenario{{Name: "a", Steps: gets("/")}}}
				m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
				if got := m.Total; got.Requests != 1 || got.Retried != 1 || got.Errors[loadgen.ErrTimeout] != 1 || got.IterationsFailed != 1 {
					t.Errorf("%+v, %+v", got, m.failures)
				}
			})
		})
	}
}
