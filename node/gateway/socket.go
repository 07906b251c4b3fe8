package gateway

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"landfall/node/gateway/access"
)

const (
	pingEvery    = 20 * time.Second
	quietFor     = pingEvery * 5 / 2 // without a pong
	writeTimeout = 5 * time.Second
	maxClients   = 2000
)

var upgrader = websocket.Upgrader{
	HandshakeTimeout: headerFor, ReadBufferSize: 1024, WriteBufferSize: 4096, Subprotocols: []string{"landfall"},
	CheckOrigin: access.SameOrigin,
	Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
		access.Refuse(w, status, reason.Error())
	},
}

// enter counts a client, or refuses it if there are too many.
func (l *live) enter(w http.ResponseWriter) bool {
	l.mu.Lock()
	full := l.conns >= maxClients
	if !full {
		l.conns++
	}
	l.mu.Unlock()
	if full { // written without the lock: a slow client must not block the others
		access.Refuse(w, http.StatusServiceUnavailable, "too many live clients")
	}
	return !full
}

func (l *live) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns--
}

// begin returns a new client's state, and the kind of its first message: hello, or again if the changes after
// its state have been dropped.
func (l *live) begin(r *http.Request) (seq uint64, kind string) {
	since := r.URL.Query().Get("since")
	if since == "" {
		since = r.Header.Get("Last-Event-ID")
	}
	if since == "" {
		return 0, "hello"
	}
	return l.resumed(since), "again"
}

// socket sends a client the messages that it has not received, one at a time; there is no queue per client.
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
	ping := time.NewTicker(l.pings)
	defer ping.Stop()
	seq, kind := l.begin(r)
	for {
		m, next, err := l.after(seq, kind)
		if err != nil || m == nil && !await(c, r, next, gone, ping.C) || m != nil && send(c, m) != nil {
			break
		}
		if m != nil {
			seq, kind = m.seq, "again"
		}
	}
	_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
	c.Close()
	<-gone
}

func send(c *websocket.Conn, m *message) error {
	_ = c.SetWriteDeadline(time.Now().Add(writeTimeout))
	if m.framed != nil {
		return c.WritePreparedMessage(m.framed)
	}
	return c.WriteMessage(websocket.TextMessage, m.text)
}

func await(c *websocket.Conn, r *http.Request, next, gone <-chan struct{}, ping <-chan time.Time) bool {
	for {
		select {
		case <-next:
			return true
		case <-ping:
			if !access.Holds(r) || c.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)) != nil {
				return false
			}
		case <-gone:
			return false
		case <-r.Context().Done():
			return false
		}
	}
}

// listenTo reads a client's messages, which are only pongs, until it disconnects.
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

// events sends the same messages as Server-Sent Events.
func (l *live) events(w http.ResponseWriter, r *http.Request) {
	if !l.enter(w) {
		return
	}
	defer l.leave()
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	ping := time.NewTicker(l.pings)
	defer ping.Stop()
	say := func(format string, args ...any) bool {
		_ = out.SetWriteDeadline(time.Now().Add(writeTimeout))
		_, err := fmt.Fprintf(w, format, args...)
		return err == nil && out.Flush() == nil
	}
	seq, kind := l.begin(r)
	for going := true; going; {
		m, next, err := l.after(seq, kind)
		switch {
		case err != nil:
			going = false
		case m != nil:
			going = say("id: %s.%d\ndata: %s\n\n", l.stream, m.seq, m.text)
			seq, kind = m.seq, "again"
		default:
			select {
			case <-next:
			case <-ping.C: // detects disconnected clients, and keeps proxies from closing idle connections
				going = access.Holds(r) && say(": ping\n\n")
			case <-r.Context().Done():
				going = false
			}
		}
	}
}
