package engine

import (
	"fmt"
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/loadgen/hdr"
	"landfall/loadgen/script"
)

// Indexes of the error classes in a loop's counters, in the order of loadgen.Classes.
const (
	classDNS = iota
	classConnect
	classTLS
	classWrite
	classRead
	classTimeout
	classProtocol
)

// numberOf returns the index of an error class.
func numberOf(c loadgen.Class) int { return slices.Index(loadgen.Classes[:], c) }

// statusClasses is the number of first digits of a status.
const statusClasses = loadgen.MaxStatus/100 + 1

func className(digit int) string { return string(rune('0'+digit)) + "xx" }

// stats are the counters of one loop in one interval: plain numbers that only the loop accesses until it
// passes them to the collector.
type stats struct {
	interval              int
	last                  bool // final counters of the loop
	responses, unexpected int64
	dropped, begun, asked int64
	retried               int64
	failures              []loadgen.Failure
	errors                [len(loadgen.Classes)]int64
	statuses              [loadgen.MaxStatus + 1]int64
	written, read         int64
	handshakes, connects  int64
	times                 [statusClasses]loadgen.Times // by the first digit of the status
	lag, handshake        *hdr.Histogram
	named                 []namedStats
	inFlight, waiting     int
	states                [connStates]int             // number of connections by state
	wrong                 [len(evidence.Causes)]int64 // unexpected responses by cause
	exchanges             []evidence.Exchange         // failed exchanges
	heads                 int                         // HTTP/2 response headers decoded as evidence
	slow                  slowStats
	startLag              int64     // µs, of the first request; -1: none was sent yet
	exhausted             bool      // requests waited because no connection was free
	capped                bool      // users waited because of the owner's limit
	users                 userStats // spec with scenarios
}

type namedStats struct {
	requests, errors, unexpected int64
	times                        loadgen.Times
}

func newStats(of *script.Script) *stats {
	s := &stats{lag: hdr.New(), handshake: hdr.New(), startLag: -1, users: newUserStats(of.Program)}
	named := len(of.Requests)
	for i := range s.times {
		s.times[i] = loadgen.NewTimes()
	}
	if named > 1 || of.Program != nil {
		s.named = make([]namedStats, named)
		for i := range s.named {
			s.named[i].times = loadgen.NewTimes()
		}
	}
	return s
}

// reset prepares s for another interval and keeps its memory.
func (s *stats) reset() {
	keep := *s
	*s = stats{failures: keep.failures[:0], times: keep.times, lag: keep.lag, handshake: keep.handshake, named: keep.named, startLag: -1, users: keep.users}
	s.users.reset()
	s.lag.Reset()
	s.handshake.Reset()
	for _, t := range s.times {
		t.Reset()
	}
	for i := range s.named {
		t := s.named[i].times
		t.Reset()
		s.named[i] = namedStats{times: t}
	}
}

// counts returns the interval's counters in the form of a snapshot.
func (s *stats) counts() loadgen.Counts {
	c := loadgen.Counts{
		Responses: s.responses, Unexpected: s.unexpected, Dropped: s.dropped, BytesWritten: s.written, BytesRead: s.read,
		Handshakes: s.handshakes, Connects: s.connects, Requests: s.responses, Retried: s.retried,
		BodiesCut: s.users.cut, IterationsFailed: s.users.failed, IterationsInterrupted: s.users.interrupted, Iterations: s.users.finished + s.users.failed + s.users.interrupted,
	}
	for i, n := range s.wrong {
		if n > 0 {
			c.UnexpectedBy = counted(c.UnexpectedBy, evidence.Causes[i], n)
		}
	}
	for i, n := range s.errors {
		if n > 0 {
			c.Errors = counted(c.Errors, loadgen.Classes[i], n)
			c.Requests += n
		}
	}
	for status, n := range s.statuses {
		if n > 0 {
			c.Statuses = counted(c.Statuses, fmt.Sprintf("%03d", status), n)
		}
	}
	return c
}

// counted returns counts with n added under key; counts may be nil.
func counted[K comparable](counts map[K]int64, key K, n int64) map[K]int64 {
	if counts == nil {
		counts = map[K]int64{}
	}
	counts[key] = n
	return counts
}

// byClass returns the loops' measurements in total and by class; classes are nil if there is only one.
func byClass(round []*stats) (all loadgen.Times, classes []loadgen.StatusClass) {
	all = loadgen.NewTimes()
	for digit := range statusClasses {
		t := loadgen.NewTimes()
		for _, part := range round {
			t.Merge(part.times[digit])
		}
		if t.Latency.Count() > 0 {
			all.Merge(t)
			classes = append(classes, loadgen.StatusClass{Class: className(digit), Times: t})
		}
	}
	if len(classes) < 2 {
		return all, nil
	}
	return all, classes
}
