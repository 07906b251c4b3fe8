package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

const (
	pingEvery   = 20 * time.Second
	quietFor    = 50 * time.Second // without a pong
	writeFor    = 5 * time.Second
	mostClients = 2000
)

var upgrader = websocket.Upgrader{
	HandshakeTimeout: headerFor, ReadBufferSize: 1024, WriteBufferSize: 4096, Subprotocols: []string{"landfall"},
	CheckOrigin: rightOrigin,
}

// enter counts a client in, unless there are too many.
func (l *live) enter(w http.ResponseWriter) bool {
	l.mu.Lock()
	full := l.conns >= mostClients
	if !full {
		l.conns++
	}
	l.mu.Unlock()
	if full { // said without the lock: a slow client must not hold up the others
		refuse(w, http.StatusServiceUnavailable, "too many live clients")
	}
	return !full
}

func (l *live) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns--
}

// message is a state with what it is to the client: hello (the first), again (the client's since is not of this
// process: it must start again) or state.
func message(kind string, state []byte) []byte {
	return fmt.Appendf(nil, `{"type":%q,"state":%s}`, kind, state)
}

// greeting is what the first message is called. As every state is whole, a client that comes back misses nothing.
func (l *live) greeting(r *http.Request, seq uint64) string {
	since := r.URL.Query().Get("since")
	if n, err := strconv.ParseUint(since, 10, 64); since != "" && (err != nil || n > seq) {
		return "again"
	}
	return "hello"
}

// socket sends one client the newest state whenever it has taken the last one: it holds nothing else for it.
func (l *live) socket(w http.ResponseWriter, r *http.Request) {
	if !l.enter(w) {
		return
	}
	defer l.leave()
	c, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer c.Close()
	gone := make(chan struct{})
	go listenTo(c, gone)
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	if l.greet(c, r, gone, ping.C) {
		for {
			m, next := l.framed()
			_ = c.SetWriteDeadline(time.Now().Add(writeFor))
			if m != nil && c.WritePreparedMessage(m) != nil || !await(c, r, next, gone, ping.C) {
				break
			}
		}
	}
	c.Close()
	<-gone
}

// greet sends the first state and waits for the next.
func (l *live) greet(c *websocket.Conn, r *http.Request, gone <-chan struct{}, ping <-chan time.Time) bool {
	text, seq, next := l.newest()
	for len(text) == 0 {
		if !await(c, r, next, gone, ping) {
			return false
		}
		text, seq, next = l.newest()
	}
	_ = c.SetWriteDeadline(time.Now().Add(writeFor))
	return c.WriteMessage(websocket.TextMessage, message(l.greeting(r, seq), text)) == nil && await(c, r, next, gone, ping)
}

func await(c *websocket.Conn, r *http.Request, next, gone <-chan struct{}, ping <-chan time.Time) bool {
	for {
		select {
		case <-next:
			return true
		case <-ping:
			if c.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeFor)) != nil {
				return false
			}
		case <-gone:
			return false
		case <-r.Context().Done():
			return false
		}
	}
}

// listenTo reads what a client has to say, which is nothing but pongs, until it is gone.
func listenTo(c *websocket.Conn, gone chan<- struct{}) {
	defer close(gone)
	c.SetReadLimit(1024)
	alive := func(string) error { return c.SetReadDeadline(time.Now().Add(quietFor)) }
	_ = alive("")
	c.SetPongHandler(alive)
	for {
		if _, _, err := c.NextReader(); err != nil {
			return
		}
	}
}

// events is the same as Server-Sent Events.
func (l *live) events(w http.ResponseWriter, r *http.Request) {
	if !l.enter(w) {
		return
	}
	defer l.leave()
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	_, seq, _ := l.newest()
	kind := l.greeting(r, seq)
	for {
		text, n, next := l.newest()
		_ = out.SetWriteDeadline(time.Now().Add(writeFor))
		if len(text) > 0 {
			if _, err := fmt.Fprintf(w, "id: %d\ndata: %s\n\n", n, message(kind, text)); err != nil || out.Flush() != nil {
				return
			}
			kind = "state"
		}
		select {
		case <-next:
		case <-r.Context().Done():
			return
		}
	}
}
