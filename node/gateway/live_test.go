package gateway

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"landfall/node/fleet"
)

func (s *site) dial() *websocket.Conn {
	c, _, err := websocket.DefaultDialer.Dial("ws://"+s.g.Addr()+"/api/v1/live", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	return c
}

// update is a message of the live updates.
type update struct {
	Type   string
	Stream string
	State  State
	Change Change
}

func (s *site) hear(query string) (*websocket.Conn, update) {
	s.t.Helper()
	c, _, err := websocket.DefaultDialer.Dial("ws://"+s.g.Addr()+"/api/v1/live"+query, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	var m update
	if err := c.ReadJSON(&m); err != nil {
		s.t.Fatalf("%q: %v", query, err)
	}
	return c, m
}

func TestLiveStartsWithTheWholeState(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	_, hello := s.hear("")
	if hello.Type != "hello" || hello.State.Seq == 0 || hello.Stream == "" {
		t.Errorf("%+v", hello)
	}
	for _, since := range []string{"x", "1", "other.1", hello.Stream + ".999999", hello.Stream + ".x"} {
		if _, m := s.hear("?since=" + since); m.Type != "again" || m.State.Seq == 0 {
			t.Errorf("since %s: %+v", since, m)
		}
	}
}

// A client that reconnects receives the changes it missed, and then has the same state as others.
func TestLiveResumes(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	c, hello := s.hear("")
	c.Close()
	if resp := s.call("POST", "/api/v1/runs", s.spec(2), nil); resp.StatusCode != http.StatusCreated {
		t.Fatal(resp.Status)
	}
	s.until(func(st *fleet.State) bool { r := st.Runs(); return len(r) == 1 && r[0].Phase == fleet.Finished })
	c, m := s.hear("?since=" + hello.Stream + "." + fmt.Sprint(hello.State.Seq))
	state := hello.State
	for {
		if m.Type != "change" || m.Change.Seq != state.Seq+1 {
			t.Fatalf("after %d: %s %d", state.Seq, m.Type, m.Change.Seq)
		}
		state = follow(state, m.Change)
		if len(state.Runs) == 1 && state.Runs[0].Phase == string(fleet.Finished) {
			break
		}
		m = update{}
		if err := c.ReadJSON(&m); err != nil {
			t.Fatal(err)
		}
	}
	var all int64
	for _, f := range state.Intervals {
		all += f.Requests
	}
	if n := s.served.Load(); all != n || state.Runs[0].Requests != n {
		t.Errorf("intervals add up to %d, the run has %d, the target counted %d", all, state.Runs[0].Requests, n)
	}
}

// A client that was disconnected for longer than changes are kept starts again with the whole state.
func TestLiveRestartsAfterDroppedChanges(t *testing.T) {
	l := newLive(nil)
	for i := range changesKept + 5 {
		l.update(State{Trouble: fmt.Sprint(i)})
	}
	if m, _, _ := l.after(6, "again"); m == nil || m.seq != 7 {
		t.Errorf("a change that is kept: %+v", m)
	}
	if m, _, _ := l.after(3, "again"); m == nil || m.seq != changesKept+5 || !strings.HasPrefix(string(m.text), `{"type":"again"`) {
		t.Errorf("a change that was dropped: %+v", m)
	}
	if m, next, _ := l.after(changesKept+5, "again"); m != nil || next == nil {
		t.Errorf("nothing newer: %+v", m)
	}
}

func TestBrowserSocketTokenAsSubprotocol(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(path, []byte("bob viewer fedcba9876543210"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, Config{TokenFile: path})
	for token, ok := range map[string]bool{"fedcba9876543210": true, "fedcba9876543211": false, "": false} {
		d := websocket.Dialer{Subprotocols: []string{"landfall", "token." + base64.RawURLEncoding.EncodeToString([]byte(token))}}
		c, resp, err := d.Dial("ws://"+s.g.Addr()+"/api/v1/live", nil)
		if (err == nil) != ok {
			t.Errorf("%q: %v", token, err)
		}
		if err == nil {
			if p := resp.Header.Get("Sec-WebSocket-Protocol"); p != "landfall" {
				t.Errorf("the token was sent back: %q", p)
			}
			c.Close()
		}
	}
}

// Of 500 clients of a run, 50 never read. The others must not wait for their buffers or write timeouts; such a wait would
// exceed the limit in all three tries, unlike a stall of the machine.
func TestSlowClientsDelayNoOtherClient(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	before := heap()
	for range 50 {
		s.dial()
	}
	clients := make([]*websocket.Conn, 450)
	for i := range clients {
		clients[i] = s.dial()
	}
	const aim, tries = 2 * time.Second, 3
	for try := range tries {
		p50, p99 := s.lateness(clients, 8)
		t.Logf("p50 %v, p99 %v", p50, p99)
		if p99 <= aim {
			break
		}
		if try == tries-1 {
			t.Errorf("p99 %v, want at most %v", p99, aim)
		}
	}
	const each = 128 << 10 // both ends of a connection are in this process
	if more := heap() - before; more > 500*each {
		t.Errorf("%d bytes for 500 clients", more)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // the second collection empties pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// lateness returns the delays with which n messages of a run reach the clients.
func (s *site) lateness(clients []*websocket.Conn, n int) (p50, p99 time.Duration) {
	s.t.Helper()
	var created Run
	if resp := s.call("POST", "/api/v1/runs", s.spec(60), &created); resp.StatusCode != http.StatusCreated {
		s.t.Fatal(resp.Status)
	}
	var mu sync.Mutex
	var late []time.Duration
	var wg sync.WaitGroup
	began := time.Now()
	for _, c := range clients {
		wg.Go(func() {
			for got := 0; got < n; {
				_, text, err := c.ReadMessage()
				at := time.Now()
				var m struct {
					Type   string
					Change struct{ At time.Time }
				}
				if err != nil || json.Unmarshal(text, &m) != nil {
					s.t.Error("a client that reads was disconnected:", err)
					return
				}
				if m.Type == "change" && m.Change.At.After(began) { // neither a hello nor a message from before
					got++
					mu.Lock()
					late = append(late, at.Sub(m.Change.At))
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	s.call("POST", "/api/v1/runs/"+created.TestID+"/stop", "", nil)
	s.until(func(st *fleet.State) bool { return st.Active() == nil })
	slices.Sort(late)
	return late[len(late)/2], late[len(late)*99/100]
}
