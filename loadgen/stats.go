package loadgen

import "fmt"

// classes are the error classes by their index in a loop's counters.
var classes = [...]Class{ErrDNS, ErrConnect, ErrTLS, ErrWrite, ErrRead, ErrTimeout, ErrProtocol}

const (
	classDNS = iota
	classConnect
	classTLS
	classWrite
	classRead
	classTimeout
	classProtocol
)

// maxStatus is the greatest status that three digits can say. Some targets answer with 999, or with 0.
const maxStatus = 999

// stats are one loop's counters of one interval: plain numbers that nobody else touches until they are handed over.
type stats struct {
	interval              int
	last                  bool // nothing comes after it
	responses, unexpected int64
	dropped, begun, asked int64
	errors                [len(classes)]int64
	statuses              [maxStatus + 1]int64
	written, read         int64
	handshakes, connects  int64
	times                 [statusClasses]Times // by the first digit of the status
	lag, handshake        *Histogram
	named                 []namedStats
	inFlight, waiting     int
	states                [connStates]int // connections by what they are in
	startLag              int64           // µs, of the first request; -1: none was sent yet
	exhausted             bool            // requests waited because every connection was busy
}

type namedStats struct {
	requests, errors, unexpected int64
	times                        Times
}

func newStats(named int) *stats {
	s := &stats{lag: NewHistogram(), handshake: NewHistogram(), startLag: -1}
	for i := range s.times {
		s.times[i] = newTimes()
	}
	if named > 1 {
		s.named = make([]namedStats, named)
		for i := range s.named {
			s.named[i].times = newTimes()
		}
	}
	return s
}

// reset makes s ready for another interval and keeps its memory.
func (s *stats) reset() {
	keep := *s
	*s = stats{times: keep.times, lag: keep.lag, handshake: keep.handshake, named: keep.named, startLag: -1}
	s.lag.Reset()
	s.handshake.Reset()
	for _, t := range s.times {
		t.reset()
	}
	for i := range s.named {
		t := s.named[i].times
		t.reset()
		s.named[i] = namedStats{times: t}
	}
}

// counts are the interval's counters as a snapshot has them.
func (s *stats) counts() Counts {
	c := Counts{
		Responses: s.responses, Unexpected: s.unexpected, Dropped: s.dropped, BytesWritten: s.written, BytesRead: s.read,
		Handshakes: s.handshakes, Connects: s.connects, Requests: s.responses,
	}
	for i, n := range s.errors {
		if n > 0 {
			c.Errors = addAll(c.Errors, map[Class]int64{classes[i]: n})
			c.Requests += n
		}
	}
	for status, n := range s.statuses {
		if n > 0 {
			c.Statuses = addAll(c.Statuses, map[string]int64{fmt.Sprintf("%03d", status): n})
		}
	}
	return c
}
