package gateway

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"landfall/node/fleet"
	"landfall/node/report"
)

const (
	liveEvery   = 250 * time.Millisecond
	shownRuns   = 20  // in a state, the newest
	shownSecs   = 300 // intervals of the most relevant run
	shownEvents = 100 // events
)

// State is the first message to a live client; changes follow.
type State struct {
	Seq         uint64    `json:"seq"`
	At          time.Time `json:"at"`
	Trouble     string    `json:"trouble,omitempty"` // why the broker cannot be read
	Drivers     []Driver  `json:"drivers"`
	Run         *Run      `json:"run,omitempty"`          // the most relevant one: in progress or, if there is none, the latest
	Runs        []Run     `json:"runs"`                   // the newest first
	IntervalsOf string    `json:"intervals_of,omitempty"` // the run that the intervals belong to: Run
	Intervals   []Figures `json:"intervals"`
	Events      []Event   `json:"events"` // the newest last
}

// Figures holds the figures of one interval of a run.
type Figures struct {
	AtMS       int64   `json:"at_ms"`
	Asked      int64   `json:"asked"` // rate of the plan, in requests per second; 0 for an avalanche
	Requests   int64   `json:"requests"`
	Responses  int64   `json:"responses"`
	Errors     int64   `json:"errors"`
	Failed     int64   `json:"failed"`
	P50US      int64   `json:"p50_us"`
	P95US      int64   `json:"p95_us"`
	P99US      int64   `json:"p99_us"`
	Coverage   float64 `json:"coverage"`
	Users      int     `json:"users,omitempty" doc:"virtual users at its end"`
	Iterations int64   `json:"iterations,omitempty" doc:"of virtual users, that ended"`
	Partial    bool    `json:"partial,omitempty" doc:"the load ended within the interval: its counts are no rate"`
}

// live keeps the newest state and the changes that led to it. It updates them at most four times a second, for all clients
// together. A client is represented by the number of the state it has; clients with the same number are sent the same bytes.
type live struct {
	g      *Gateway
	stream string        // identifies this process's sequence
	pings  time.Duration // interval

	mu     sync.Mutex
	state  State
	whole  []byte                // state as JSON; nil: not encoded yet
	recent [changesKept]*message // by number
	next   chan struct{}         // closed when there is a newer state
	conns  int
}

// changesKept is how many changes a client may be behind before it must start again: about half a minute.
const changesKept = 128

// message is a message to clients, encoded once for all of them.
type message struct {
	seq    uint64
	text   []byte
	framed *websocket.PreparedMessage
}

func newLive(g *Gateway) *live {
	return &live{g: g, stream: rand.Text()[:8], pings: pingEvery, next: make(chan struct{})}
}

func (l *live) run(ctx context.Context) {
	changed, cancel := l.g.o.Subscribe()
	defer cancel()
	tick := time.NewTicker(liveEvery)
	defer tick.Stop()
	for {
		l.update(l.g.state())
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

func (l *live) update(s State) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.Seq = l.state.Seq + 1
	c, any := changes(&l.state, &s)
	if !any && l.state.Seq > 0 {
		return
	}
	text, err := json.Marshal(c)
	if err != nil {
		l.g.log.Error("write a change", "error", err)
		return
	}
	m := &message{seq: s.Seq, text: fmt.Appendf(nil, `{"type":"change","change":%s}`, text)}
	if m.framed, err = websocket.NewPreparedMessage(websocket.TextMessage, m.text); err != nil {
		l.g.log.Error("frame a change", "error", err)
		return
	}
	l.recent[m.seq%changesKept] = m
	l.state, l.whole = s, nil
	close(l.next)
	l.next = make(chan struct{})
}

// after returns the next message for a client at state seq: the following change or, if that has been dropped, the whole state.
// If the client is up to date, m is nil and next is closed by the next change.
func (l *live) after(seq uint64, kind string) (m *message, next <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if seq == l.state.Seq {
		return nil, l.next, nil
	}
	if m := l.recent[(seq+1)%changesKept]; seq > 0 && m != nil && m.seq == seq+1 {
		return m, nil, nil
	}
	if l.whole == nil {
		if l.whole, err = json.Marshal(l.state); err != nil {
			return nil, nil, err
		}
	}
	return &message{seq: l.state.Seq, text: fmt.Appendf(nil, `{"type":%q,"stream":%q,"state":%s}`, kind, l.stream, l.whole)}, nil, nil
}

// resumed returns the number of a client's state, given as stream.seq; 0: the client must start with the whole state.
func (l *live) resumed(since string) uint64 {
	stream, number, _ := strings.Cut(since, ".")
	seq, err := strconv.ParseUint(number, 10, 64)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || stream != l.stream || seq > l.state.Seq {
		return 0
	}
	return seq
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
		if r := s.Front(); r != nil {
			run := g.viewRun(r)
			v.Run, v.IntervalsOf, v.Intervals = &run, r.ID, figures(r, v.At)
		}
		events := s.Events()
		for _, e := range events[max(0, len(events)-shownEvents):] {
			v.Events = append(v.Events, viewEvent(e))
		}
	})
	return v
}

// asked returns the planned rate of an interval, in requests per second. Unlike the drivers' figures, it does not change with late
// snapshots.
func asked(r *fleet.Run, interval int) int64 {
	rps, _ := r.Asked(interval)
	return int64(math.Round(rps))
}

func figures(r *fleet.Run, now time.Time) []Figures {
	list := []Figures{}
	whole := report.WholeSeconds(r, now)
	for i := max(0, r.Intervals.Len()-shownSecs); i < r.Intervals.Len(); i++ {
		in := r.Intervals.At(i)
		list = append(list, Figures{
			AtMS: int64(i) * 1000, Asked: asked(r, i), Requests: in.Delta.Requests, Responses: in.Delta.Responses, Errors: errorsOf(in.Delta), Failed: errorsOf(in.Delta) + in.Delta.Unexpected, P50US: in.P50US, P95US: in.P95US,
			P99US: in.P99US, Users: in.Users, Iterations: in.Delta.Iterations, Coverage: coverage(in), Partial: !r.Active() && i >= whole,
		})
	}
	return list
}
