package loadgen

import (
	"os"
	"testing"
	"time"
)

// One request begun and answered over and over, as a loop does it, whatever the spec asks for.
func TestNothingIsAllocatedPerRequest(t *testing.T) {
	const table = "id\n1\n2\n"
	two := []Request{{Name: "a", URL: "/{{seq}}", Body: "{{uuid}} {{random}}"}, {Name: "b", URL: "/b", Headers: map[string]string{"X": "{{csv.id}}"}, Expect: Expect{BodyContains: "ok"}}}
	for name, spec := range map[string]Spec{
		"tsunami":             {RateRPS: 1},
		"avalanche":           {},
		"poisson":             {RateRPS: 1, Arrivals: "poisson"},
		"named and filled in": {Requests: two, CSV: table},
		"a sequence":          {Requests: two, CSV: table, Order: "sequence"},
	} {
		t.Run(name, func(t *testing.T) {
			spec.Target, spec.Duration = "http://127.0.0.1:1/", Duration(time.Hour)
			request := requestOverAndOver(t, spec.WithDefaults())
			if n := testing.AllocsPerRun(2000, request); n != 0 {
				t.Errorf("%v allocations per request", n)
			}
		})
	}
}

// requestOverAndOver begins and answers one request on a connection that takes everything.
func requestOverAndOver(t *testing.T, spec Spec) func() {
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
	l.pacers = []*pacer{newPacer(e.spec, Share{Of: 1, Connections: 1, Schedule: flat(1)}, 0, 1)}
	c := newConn(l, 0)
	l.conns = append(l.conns, c)
	c.state = connOpen
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { null.Close() })
	c.fast.fd = int(null.Fd())
	answer := []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	return func() {
		l.begin(c, l.clock())
		l.pacers[0].gave()
		l.received(c, answer)
	}
}
