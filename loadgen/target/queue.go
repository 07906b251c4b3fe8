package target

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// queue is a target with a known capacity: a fixed number of servers, each of which serves one request after the other for
// a service time. What comes while all are busy waits in order. At more than the capacity, servers divided by the mean
// service time, the queue and so the latency grow without end.
//
// Servers keep to the schedule of an ideal clock: one that wakes up late starts the next request when it should have
// started, so a timer's lateness makes single responses late and leaves the capacity exact.
type queue struct {
	waiting  chan *job
	servers  int
	median   time.Duration // of the service time
	sigma    float64
	collapse time.Duration // 0: never
	down     atomic.Bool   // after a collapse, for good

	ctx    context.Context // of the servers
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

const (
	defaultServers = 8
	queueLength    = 1 << 16 // a request that finds so many waiting is refused
)

// job is one request in the queue.
type job struct {
	ctx     context.Context // of its client
	arrived time.Time
	done    chan outcome // of capacity 1
}

type outcome int

const (
	served    outcome = iota
	refused           // the queue is full, or has collapsed
	abandoned         // the client left
)

// newQueue is nil without a capacity.
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

// close ends the servers and waits for them. What still waits is served no more.
func (q *queue) close() {
	q.cancel()
	q.ended.Wait()
}

// pass waits until a server has served the request of a client's ctx.
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

// serve is one server. A request whose client has left is not served.
func (q *queue) serve() {
	var free time.Time // when this server was done with its last request, by the ideal clock
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

// take serves one request, and returns until when.
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
	pause(q.ctx, time.Until(end))
	j.done <- served
	return end
}
