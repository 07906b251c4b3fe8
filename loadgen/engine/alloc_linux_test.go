package engine

import (
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/pace"
)

// A request that is sent and answered repeatedly, as in a loop, allocates nothing, for any kind of spec.
func TestNothingIsAllocatedPerRequest(t *testing.T) {
	const table = "id\n1\n2\n"
	two := []loadgen.Request{{Name: "a", URL: "/{{seq}}", Body: "{{uuid}} {{random}}"}, {Name: "b", URL: "/b", Headers: map[string]string{"X": "{{csv.id}}"}, Expect: loadgen.Expect{BodyContains: "ok"}}}
	for name, spec := range map[string]loadgen.Spec{
		"tsunami":             {RateRPS: 1},
		"avalanche":           {},
		"poisson":             {RateRPS: 1, Arrivals: "poisson"},
		"named and filled in": {Requests: two, CSV: table},
		"a sequence":          {Requests: two, CSV: table, Order: "sequence"},
	} {
		t.Run(name, func(t *testing.T) {
			spec.Target, spec.Duration = "http://127.0.0.1:1/", loadgen.Duration(time.Hour)
			request := requestOverAndOver(t, spec.WithDefaults())
			if n := testing.AllocsPerRun(2000, request); n != 0 {
				t.Errorf("%v allocations per request", n)
			}
		})
	}
}

// The longer of two whole runs allocates at most one snapshot more per second.
func TestNothingIsAllocatedPerRequestOnTheWire(t *testing.T) {
	target := misbehave(t, okToAll)
	for name, c := range map[string]struct {
		portable bool
		rate     float64
	}{"fast": {}, "fast, paced": {rate: 20_000}, "portable": {portable: true}, "portable, paced": {portable: true, rate: 20_000}} {
		t.Run(name, func(t *testing.T) {
			allocated := func(requests int64) uint64 {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				carry(t, loadgen.Spec{Target: target, Count: requests, Connections: 16, RateRPS: c.rate}, Options{Threads: 1, Portable: c.portable}, loadgen.Share{}, nil)
				runtime.ReadMemStats(&after)
				return after.Mallocs - before.Mallocs
			}
			const more = 20_000
			short := allocated(100)
			if long := allocated(100 + more); long > short+more/20 {
				t.Errorf("%d allocations for 100 requests, %d for %d more", short, long-short, more)
			}
		})
	}
}

// okToAll answers requests that arrive one at a time, each in one piece, until the connection ends.
func okToAll(c net.Conn, _ int) bool {
	answer, b := []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), make([]byte, 4<<10)
	for {
		if _, err := c.Write(answer); err != nil {
			return false
		}
		if _, err := c.Read(b); err != nil {
			return false
		}
	}
}

// requestOverAndOver sends and answers one request repeatedly on a connection that accepts everything.
func requestOverAndOver(t *testing.T, spec loadgen.Spec) func() {
	e, err := New(spec, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLoop(e, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.poll.close)
	e.start = time.Now()
	l.limit = 1
	l.pacers = []*pace.Pacer{pace.New(e.spec, loadgen.Share{Of: 1, Connections: 1, Schedule: steady(1)}, 0, 1)}
	c := newConn(l, 0)
	l.conns = append(l.conns, c)
	c.state = connOpen
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { null.Close() })
	c.epoll.fd = int(null.Fd())
	answer := []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	return func() {
		l.begin(c, l.clock())
		l.pacers[0].Issue()
		l.received(c, answer)
	}
}
