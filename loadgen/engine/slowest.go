package engine

import "landfall/loadgen/evidence"

// slowest holds the latencies of the slowest requests of a loop's run, in microseconds, in ascending order.
type slowest struct {
	floor int64 // a request must exceed this to be one of them
	n     int
	list  [evidence.MaxSlowest]int64
}

func (s *slowest) add(latency int64) {
	i := s.n
	if s.n < len(s.list) {
		s.n++
	} else {
		i = s.n - 1
		copy(s.list[:], s.list[1:])
	}
	for ; i > 0 && s.list[i-1] > latency; i-- {
		s.list[i] = s.list[i-1]
	}
	if s.list[i] = latency; s.n == len(s.list) {
		s.floor = s.list[0]
	}
}

// slowStats holds an interval's requests that were among the slowest of the run when they ended.
type slowStats struct {
	n    int
	list [evidence.MaxSlowest]evidence.Slow
}

func (s *slowStats) add(one evidence.Slow) {
	if s.n < len(s.list) {
		s.list[s.n] = one
		s.n++
		return
	}
	least := 0
	for i := range s.list {
		if s.list[i].LatencyUS < s.list[least].LatencyUS {
			least = i
		}
	}
	if one.LatencyUS > s.list[least].LatencyUS {
		s.list[least] = one
	}
}

// slow records a request if it is among the slowest.
func (l *loop) slow(f *flight, status int, at, latency, service int64) {
	l.slowest.add(latency)
	l.stats.slow.add(evidence.Slow{Request: l.engine.script.Requests[f.request].Name, AtMS: at / 1e6, LatencyUS: latency, ServiceUS: service, Status: status})
}
