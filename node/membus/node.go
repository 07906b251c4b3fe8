package membus

import (
	"context"
	"errors"
	"sync"
	"time"

	"landfall/node"
)

// ErrCut is returned to a disconnected node.
var ErrCut = errors.New("cut off from the bus")

const (
	idle  = time.Second           // interval at which an idle Tail reports a response
	retry = 50 * time.Millisecond // before a record with a lost acknowledgement is sent again
)

// Node is one node's connection to a Bus, and itself a [node.Bus].
type Node struct {
	bus *Bus

	mu       sync.Mutex
	cut      bool
	changed  chan struct{} // closed and replaced when cut changes
	loseAcks int
	skew     time.Duration
}

func newNode(b *Bus) *Node { return &Node{bus: b, changed: make(chan struct{})} }

// Cut disconnects the node from the bus: Publish blocks, and Tail stalls and reports ErrCut.
func (n *Node) Cut() { n.setCut(true) }

// Heal reverses Cut.
func (n *Node) Heal() { n.setCut(false) }

// LoseAcks drops the acknowledgements of the next count records, so that each is sent again.
func (n *Node) LoseAcks(count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.loseAcks = count
}

// Skew sets how far the node's clock is ahead of time.Now. It affects Now and the times in Acks.
func (n *Node) Skew(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.skew = d
}

// Now returns the time on the node's clock.
func (n *Node) Now() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Now().Add(n.skew)
}

// Publish appends a record, as [node.Bus] describes. It blocks while the node is disconnected.
func (n *Node) Publish(ctx context.Context, name node.Topic, key string, value []byte) (node.Ack, error) {
	t, err := n.bus.topic(name)
	if err != nil {
		return node.Ack{}, err
	}
	if err := name.Fits(key, value); err != nil {
		return node.Ack{}, err
	}
	for {
		if err := n.connected(ctx); err != nil {
			return node.Ack{}, err
		}
		if n.bus.full(len(key) + len(value)) {
			if err := pause(ctx, retry); err != nil {
				return node.Ack{}, err
			}
			continue
		}
		sent := n.Now()
		rec := t.append(key, value, n.bus.Clock, n.bus.Keep)
		if !n.ackLost() {
			return node.Ack{Sent: sent, Answered: n.Now(), Appended: rec.Appended, Partition: rec.Partition, Offset: rec.Offset}, nil
		}
		if err := pause(ctx, retry); err != nil {
			return node.Ack{}, err
		}
	}
}

// Tail reads a topic, as [node.Bus] describes. It stalls while the node is disconnected.
func (n *Node) Tail(ctx context.Context, name node.Topic, from node.From, r node.Reader) error {
	t, err := n.bus.topic(name)
	if err != nil {
		return err
	}
	tick := time.NewTicker(idle)
	defer tick.Stop()
	c := cursor{topic: t, from: from, reader: r}
	for ctx.Err() == nil {
		cut, changed := n.link()
		var grown <-chan struct{}
		if cut {
			c.answered(ErrCut)
		} else {
			grown = t.growth() // before reading, so that no record is missed
			c.read(ctx)
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-grown:
		case <-tick.C:
		}
	}
	return nil
}

func (n *Node) setCut(cut bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = cut
	close(n.changed)
	n.changed = make(chan struct{})
}

func (n *Node) link() (cut bool, changed <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cut, n.changed
}

// connected waits until the node is connected.
func (n *Node) connected(ctx context.Context) error {
	for ctx.Err() == nil {
		cut, changed := n.link()
		if !cut {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-changed:
		}
	}
	if cut, _ := n.link(); cut {
		return errors.Join(ctx.Err(), ErrCut)
	}
	return ctx.Err()
}

func (n *Node) ackLost() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.loseAcks == 0 {
		return false
	}
	n.loseAcks--
	return true
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
