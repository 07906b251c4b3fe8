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
