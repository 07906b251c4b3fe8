package loadgen

import (
	"os"
	"testing"
	"time"
)

// One request begun and answered over and over, as a loop does it.
func TestNothingIsAllocatedPerRequest(t *testing.T) {
	e, err := New(Spec{Target: "http://127.0.0.1:1/", RateRPS: 1, Duration: Duration(time.Hour)}.WithDefaults(), Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLoop(e, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer l.poll.close()
	e.start = time.Now()
	l.limit = 1
	l.pacers = []*pacer{newPacer(e.spec, Share{Of: 1, Connections: 1, Schedule: flat(1)}, 0, 1)}
	c := newConn(l, 0)
	l.conns = append(l.conns, c)
	c.state = connOpen
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // takes every request
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	c.fast.fd = int(null.Fd())
	answer := []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	if n := testing.AllocsPerRun(2000, func() {
		l.begin(c, l.clock())
		l.received(c, answer)
	}); n != 0 {
		t.Errorf("%v allocations per request", n)
	}
}
