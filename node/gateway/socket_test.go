package gateway

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// stream reads Server-Sent Events.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
}

func (s *site) stream(last string) *stream {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+s.g.Addr()+"/api/v1/live/events", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { resp.Body.Close() })
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" {
		s.t.Errorf("%q", kind)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return &stream{s.t, lines}
}

// next returns the next event with its id, or a comment.
func (s *stream) next() (id string, m update, comment string) {
	s.t.Helper()
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch {
		case s.lines.Text() == "" && (id != "" || comment != ""):
			return id, m, comment
		case name == "id":
			id = value
		case name == "data":
			if err := json.Unmarshal([]byte(value), &m); err != nil {
				s.t.Fatal(err)
			}
		case name == "":
			comment = value
		}
	}
	s.t.Fatal("the stream has ended")
	return
}

// Server-sent events start with the whole state and continue with changes, and a browser that reconnects
// receives the changes it missed.
func TestLiveAsEvents(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	c := s.stream("")
	id, hello, _ := c.next()
	if hello.Type != "hello" || id != fmt.Sprint(hello.Stream, ".", hello.State.Seq) {
		t.Errorf("%s: %+v", id, hello)
	}
	seq := hello.State.Seq
	for range 3 { // the driver's heartbeats are changes
		_, m, comment := c.next()
		if seq++; comment == "" && (m.Type != "change" || m.Change.Seq != seq) {
			t.Errorf("%+v, want change %d", m, seq)
		}
	}
	again, m, _ := s.stream(id).next()
	if m.Type != "change" || m.Change.Seq != hello.State.Seq+1 || again != fmt.Sprint(hello.Stream, ".", m.Change.Seq) {
		t.Errorf("after %s: %s %+v", id, again, m)
	}
	if _, m, _ := s.stream("x.1").next(); m.Type != "again" {
		t.Errorf("after an unknown id: %+v", m)
	}
}

// Idle connections are pinged, so that lost clients are detected and proxies keep the connection open.
func TestLiveClientsArePinged(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{}, func(g *Gateway) { g.live.pings = 20 * time.Millisecond })
	events := s.stream("")
	for end := time.Now().Add(10 * time.Second); ; {
		if _, _, comment := events.next(); comment == "ping" {
			break
		} else if time.Now().After(end) {
			t.Fatal("no event was a ping")
		}
	}
	c := s.dial()
	pinged := make(chan struct{}, 100)
	c.SetPingHandler(func(string) error {
		select {
		case pinged <- struct{}{}:
		default:
		}
		return c.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second))
	})
	go func() {
		for {
			if _, _, err := c.ReadMessage(); err != nil {
				return
			}
		}
	}()
	for range 3 {
		select {
		case <-pinged:
		case <-time.After(10 * time.Second):
			t.Fatal("the socket was not pinged")
		}
	}
}

// A gateway that stops closes its live connections properly.
func TestLiveClientsAreClosedAtTheEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	c := s.dial()
	s.end()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		if _, _, err := c.ReadMessage(); websocket.IsCloseError(err, websocket.CloseGoingAway) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// A live connection ends when its token is removed or its role changes.
func TestLiveConnectionsEndWithTheirToken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tokens")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ann operator 0123456789abcdef\nbob viewer fedcba9876543210\n")
	s := newSite(t, Config{TokenFile: path}, func(g *Gateway) { g.live.pings = 50 * time.Millisecond })
	dial := func(token string) *websocket.Conn {
		c, _, err := websocket.DefaultDialer.Dial("ws://"+s.g.Addr()+"/api/v1/live", http.Header{"Authorization": {"Bearer " + token}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	ann, bob := dial("0123456789abcdef"), dial("fedcba9876543210")
	write("ann operator 0123456789abcdef\n")
	_ = bob.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		if _, _, err := bob.ReadMessage(); websocket.IsCloseError(err, websocket.CloseGoingAway) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if _, _, err := ann.ReadMessage(); err != nil {
			t.Fatal(err)
		}
	}
}
