package gateway

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"landfall/node/fleet"
)

const (
	liveEvery = 250 * time.Millisecond
	shownRuns = 20  // in a state, the newest
	shownSecs = 300 // intervals of the newest run
	shownTold = 100 // events
)

// State is what live clients are shown: a whole, never a difference, so that a slow client loses nothing by skipping some.
type State struct {
	Seq       uint64    `json:"seq"`
	At        time.Time `json:"at"`
	Trouble   string    `json:"trouble,omitempty"` // why the broker cannot be read
	Drivers   []Driver  `json:"drivers"`
	Runs      []Run     `json:"runs"` // the newest first
	Intervals []Figures `json:"intervals"`
	Events    []Event   `json:"events"`
}

// Figures are an interval of the newest run.
type Figures struct {
	AtMS     int64   `json:"at_ms"`
	Requests int64   `json:"requests"`
	Errors   int64   `json:"errors"`
	P50US    int64   `json:"p50_us"`
	P95US    int64   `json:"p95_us"`
	P99US    int64   `json:"p99_us"`
	Coverage float64 `json:"coverage"`
}

// live keeps the newest state as JSON, made at most four times a second for all clients together.
type live struct {
	g *Gateway

	mu    sync.Mutex
	seq   uint64
	text  []byte
	ready *websocket.PreparedMessage // text as a message, framed once for all
	next  chan struct{}              // closed when a newer text is there
	conns int
}

func newLive(g *Gateway) *live { return &live{g: g, next: make(chan struct{})} }

func (l *live) run(ctx context.Context) {
	changed, cancel := l.g.o.Subscribe()
	defer cancel()
	tick := time.NewTicker(liveEvery)
	defer tick.Stop()
	for {
		l.make()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

func (l *live) make() {
	s := l.g.state()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	s.Seq = l.seq
	text, err := json.Marshal(s)
	if err != nil {
		l.g.log.Error("write the live state", "error", err)
		return
	}
	l.text = text
	if l.ready, err = websocket.NewPreparedMessage(websocket.TextMessage, message("state", text)); err != nil {
		l.g.log.Error("frame the live state", "error", err)
	}
	close(l.next)
	l.next = make(chan struct{})
}

// newest is the newest state, its number, and what is closed when there is a newer one.
func (l *live) newest() (text []byte, seq uint64, next <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text, l.seq, l.next
}

// framed is newest for a client that was greeted.
func (l *live) framed() (m *websocket.PreparedMessage, next <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ready, l.next
}

func (g *Gateway) state() State {
	v := State{At: g.o.Now().UTC(), Drivers: []Driver{}, Runs: []Run{}, Intervals: []Figures{}, Events: []Event{}}
	if err := g.o.Connected(); err != nil {
		v.Trouble = err.Error()
	}
	g.o.View(func(s *fleet.State) {
		for _, d := range s.Drivers() {
			v.Drivers = append(v.Drivers, viewDriver(d))
		}
		runs := s.Runs()
		for i := len(runs) - 1; i >= max(0, len(runs)-shownRuns); i-- {
			v.Runs = append(v.Runs, g.viewRun(runs[i]))
		}
		if len(runs) > 0 {
			v.Intervals = figures(runs[len(runs)-1])
		}
		events := s.Events()
		for _, e := range events[max(0, len(events)-shownTold):] {
			v.Events = append(v.Events, viewEvent(e))
		}
	})
	return v
}

func figures(r *fleet.Run) []Figures {
	list := []Figures{}
	for i := max(0, len(r.Intervals)-shownSecs); i < len(r.Intervals); i++ {
		if in := r.Intervals[i]; in != nil {
			list = append(list, Figures{
				AtMS: int64(i) * 1000, Requests: in.Delta.Requests, Errors: errorsOf(in.Delta), P50US: in.P50US, P95US: in.P95US,
				P99US: in.P99US, Coverage: coverage(in),
			})
		}
	}
	return list
}
