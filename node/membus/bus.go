// Package membus implements [node.Bus] in memory: for runs within one process, and for tests.
//
// A Bus acts as the broker; Bus.Node gives each node its own connection. A test can disconnect and reconnect it, drop
// its acknowledgements, and skew its clock. Memory is bounded: each topic keeps its newest bytes.
package membus

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"landfall/node"
)

// Keep is the number of bytes of keys and values that a topic keeps by default.
const Keep = 32 << 20

// Bus is a broker in memory. Create it with New, and set its fields before the first use.
type Bus struct {
	Clock func() time.Time // stamps records; default time.Now
	Keep  int              // bytes that a topic keeps, and at least the newest record; default Keep

	topics map[node.Topic]*topic
	direct *Node

	room atomic.Int64 // bytes of the largest record that is accepted; 0: any

	mu    sync.Mutex
	nodes map[string]*Node
}

// New returns a Bus with all topics of node.Topics, empty.
func New() *Bus {
	b := &Bus{Clock: time.Now, Keep: Keep, topics: map[node.Topic]*topic{}, nodes: map[string]*Node{}}
	for _, name := range node.Topics {
		b.topics[name] = newTopic(name)
	}
	b.direct = newNode(b)
	return b
}

// Fill limits the bus to records of that many bytes, like a broker with a nearly full disk; 0: no limit. Larger records wait.
func (b *Bus) Fill(room int) { b.room.Store(int64(room)) }

func (b *Bus) full(bytes int) bool {
	room := b.room.Load()
	return room > 0 && int64(bytes) > room
}

// Publish appends a record; it never blocks.
func (b *Bus) Publish(ctx context.Context, topic node.Topic, key string, value []byte) (node.Ack, error) {
	return b.direct.Publish(ctx, topic, key, value)
}

// Tail reads a topic as [node.Bus] describes. Records share memory with other readers and must not be modified.
func (b *Bus) Tail(ctx context.Context, topic node.Topic, from node.From, r node.Reader) error {
	return b.direct.Tail(ctx, topic, from, r)
}

// Node returns the connection of the named node, the same one for the same name.
func (b *Bus) Node(name string) *Node {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.nodes[name] == nil {
		b.nodes[name] = newNode(b)
	}
	return b.nodes[name]
}

func (b *Bus) topic(name node.Topic) (*topic, error) {
	if t := b.topics[name]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("no topic %q", name)
}
