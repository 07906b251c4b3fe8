package target

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// queue simulates a target with a known capacity: a fixed number of servers, each of which serves one request at a time for a service
// time. Requests that arrive while all servers are busy wait in order. The capacity is the number of servers divided by the mean service
// time; above it, the queue and the latency grow without limit.
//
// Servers follow an ideal clock: one whose timer is late starts its next request at the time at which it should have started. Late timers
// delay single responses but do not reduce the capacity.
type queue struct {
	waiting  chan *job
	servers  int
	median   time.Duration // of the service time
	sigma    float64
	collapse time.Duration // 0: never
	down     atomic.Bool   // set by a collapse

	ctx    context.Context // of the servers
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

const (
	defaultServers = 8
	queueLength    = 1 << 16 // maximum number of waiting requests
)

// job is one request in the queue.
type job struct {
	ctx     context.Context // of its client
	arrived time.Time
	done    chan outcome // buffered
}

type outcome int

const (
	served    outcome = iota
	refused           // the queue is full, or has collapsed
	abandoned         // the client has canceled the request
)

// newQueue returns nil if the configuration has no capacity.
func newQueue(c Config) *queue {
	if c.Capacity == 0 {
		return nil
	}
	servers := c.Servers
	if servers == 0 {
		servers = defaultServers
	}
	mean := time.Duration(float64(servers) / c.Capacity * float64(time.Second))
	q := &queue{
		waiting: make(chan *job, queueLength), servers: servers,
		median: medianOf(mean, c.ServiceSigma), sigma: c.ServiceSigma, collapse: c.Collapse,
	}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	return q
}

func (q *queue) start() {
	for range q.servers {
		q.ended.Go(q.serve)
	}
}

// close stops the servers and waits for them. Waiting requests are not served.
func (q *queue) close() {
	q.cancel()
	q.ended.Wait()
}

// pass queues a request and waits until it is served. ctx is the context of the client.
func (q *queue) pass(ctx context.Context) outcome {
	if q.down.Load() {
		return refused
	}
	j := &job{ctx: ctx, arrived: time.Now(), done: make(chan outcome, 1)}
	select {
	case q.waiting <- j:
	default:
		return refused
	}
	select {
	case o := <-j.done:
		return o
	case <-ctx.Done():
		return abandoned
	}
}

// serve runs one server. Canceled requests are skipped.
func (q *queue) serve() {
	var free time.Time // end of the last request, by the ideal clock
	for {
		select {
		case <-q.ctx.Done():
			return
		case j := <-q.waiting:
			if j.ctx.Err() == nil {
				free = q.take(j, free)
			}
		}
	}
}

// take serves one request and returns its end.
func (q *queue) take(j *job, free time.Time) time.Time {
	begin := j.arrived
	if free.After(begin) {
		begin = free
	}
	if q.collapse > 0 && begin.Sub(j.arrived) >= q.collapse {
		q.down.Store(true)
	}
	if q.down.Load() {
		j.done <- refused
		return free
	}
	end := begin.Add(logNormal(q.median, q.sigma))
	rest(q.ctx, time.Until(end))
	j.done <- served
	return end
}
