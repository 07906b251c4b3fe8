package fleet

import (
	"slices"
	"time"

	"landfall/node"
)

// maxPending limits the bytes of snapshots that wait for their run's start.
const maxPending = 16 << 20

// pending holds snapshots of runs whose start is not known yet. They are kept encoded: a decoded histogram of
// 60 bytes takes 26 KB.
type pending struct {
	queue []pendingSnapshot // oldest first
	bytes int
}

type pendingSnapshot struct {
	testID string
	at     time.Time
	value  []byte
}

func (p pendingSnapshot) decode() (*node.Metrics, error) {
	m, err := node.Decode(node.Record{Topic: node.TopicMetrics, Value: p.value})
	if err != nil {
		return nil, err
	}
	return m.(*node.Metrics), nil
}

// add queues a snapshot; the oldest are dropped for it.
func (p *pending) add(m *node.Metrics, at time.Time) {
	_, _, value, err := node.Encode(m)
	if err != nil {
		return // impossible: it was small enough to be read
	}
	p.queue = append(p.queue, pendingSnapshot{m.TestID, at, value})
	p.bytes += len(value)
	for p.bytes > maxPending {
		p.bytes -= len(p.queue[0].value)
		p.queue[0] = pendingSnapshot{}
		p.queue = p.queue[1:]
	}
}

// take removes the snapshots of a run and returns them.
func (p *pending) take(testID string) (mine []pendingSnapshot) {
	p.queue = slices.DeleteFunc(p.queue, func(s pendingSnapshot) bool {
		if s.testID == testID {
			mine = append(mine, s)
			p.bytes -= len(s.value)
		}
		return s.testID == testID
	})
	return mine
}
