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
	latency               [statusClasses]*Histogram // by the first digit of the status
	service, lag          *Histogram
	handshake             *Histogram
	named                 []namedStats
	inFlight, waiting     int
	states                [connStates]int // connections by what they are in
	startLag              int64           // µs, of the first request; -1: none was sent yet
	exhausted             bool            // requests waited because every connection was busy
}

type namedStats struct {
	requests, errors, unexpected int64
	latency                      *Histogram
}

func newStats(named int) *stats {
	s := &stats{service: NewHistogram(), lag: NewHistogram(), handshake: NewHistogram(), startLag: -1}
	for i := range s.latency {
		s.latency[i] = NewHistogram()
	}
	if named > 1 {
		s.named = make([]namedStats, named)
		for i := range s.named {
			s.named[i].latency = NewHistogram()
		}
	}
	return s
}

// reset makes s ready for another interval and keeps its memory.
func (s *stats) reset() {
	keep := *s
	*s = stats{latency: keep.latency, service: keep.service, lag: keep.lag, handshake: keep.handshake, named: keep.named, startLag: -1}
	for _, h := range append(s.latency[:], s.service, s.lag, s.handshake) {
		h.Reset()
	}
	for i := range s.named {
		h := s.named[i].latency
		h.Reset()
		s.named[i] = namedStats{latency: h}
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
