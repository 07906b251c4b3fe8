package engine

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// A target that refuses or resets is tried again after a pause that doubles with every failure in a row.
const (
	pauseLeast = 10 * time.Millisecond
	pauseMost  = time.Second
)

// pauses are connections that wait before they may be opened again, the first one to wake first.
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

// pause keeps a closed connection closed for a while, jittered so that many do not come back at once.
func (l *loop) pause(c *conn) {
	d := min(pauseLeast<<min(c.failures, 10), pauseMost)
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
