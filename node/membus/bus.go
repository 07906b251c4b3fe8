// Package membus is a node.Bus in memory: for a run within one process, and for tests.
//
// A Bus is the broker; Bus.Node gives each node its own way to it, which a test can cut, heal, rob of
// acknowledgements and give a clock of its own. What it holds is bounded: of each topic the newest bytes are kept.
package membus

import (
	"context"
	"fmt"
	"sync"
	"time"

	"landfall/node"
)

// Keep is how many bytes of keys and values a topic keeps, unless Bus.Keep says otherwise.
const Keep = 32 << 20

// Bus is a broker in memory. Make one with New; set its fields before its first use.
type Bus struct {
	Clock func() time.Time // stamps records; default time.Now
	Keep  int              // bytes that a topic keeps, the newest record always; default Keep

	topics map[node.Topic]*topic
	direct *Node

	mu    sync.Mutex
	nodes map[string]*Node
}

// New returns a Bus with every topic of node.Topics, all empty.
func New() *Bus {
	b := &Bus{Clock: time.Now, Keep: Keep, topics: map[node.Topic]*topic{}, nodes: map[string]*Node{}}
	for _, name := range node.Topics {
		b.topics[name] = newTopic(name)
	}
	b.direct = newNode(b)
	return b
}

// Publish appends a record; it never waits.
func (b *Bus) Publish(ctx context.Context, topic node.Topic, key string, value []byte) (node.Ack, error) {
	return b.direct.Publish(ctx, topic, key, value)
}

// Tail reads a topic as node.Bus describes. Records share their bytes with other readers: do not change them.
func (b *Bus) Tail(ctx context.Context, topic node.Topic, from node.From, r node.Reader) error {
	return b.direct.Tail(ctx, topic, from, r)
}

// Node returns the named node's way to the bus, the same one for the same name.
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
