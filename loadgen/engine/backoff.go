package engine

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// Backoff before reconnecting: it doubles with every consecutive failure.
const (
	minBackoff = 10 * time.Millisecond
	maxBackoff = time.Second
)

// pauses is a heap of connections in backoff, ordered by its end.
type pauses []*conn

func (p pauses) Len() int           { return len(p) }
func (p pauses) Less(i, j int) bool { return p[i].until < p[j].until }
func (p pauses) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *pauses) Push(c any)        { *p = append(*p, c.(*conn)) }
func (p *pauses) Pop() any {
	old := *p
	c := old[len(old)-1]
	*p = old[:len(old)-1]
	return c
}

// pause puts a closed connection into backoff, with jitter so that many connections do not reconnect at once.
func (l *loop) pause(c *conn) {
	d := min(minBackoff<<min(c.failures, 10), maxBackoff)
	c.failures++
	c.state, c.until = connPaused, l.now+int64(d)/2+rand.Int64N(int64(d)/2)
	heap.Push(&l.paused, c)
}

func (l *loop) unpause() {
	for len(l.paused) > 0 && l.paused[0].until <= l.now {
		c := heap.Pop(&l.paused).(*conn)
		c.state = connCold
		l.settle(c)
	}
}
