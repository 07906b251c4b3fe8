package node_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"landfall/node"
	"landfall/node/membus"
)

// countingBus is a [node.Bus] that counts the records published through another one.
type countingBus struct {
	node.Bus
	mu    sync.Mutex
	count map[node.Topic]int
}

func (b *countingBus) Publish(ctx context.Context, topic node.Topic, key string, value []byte) (node.Ack, error) {
	ack, err := b.Bus.Publish(ctx, topic, key, value)
	if err == nil {
		b.mu.Lock()
		b.count[topic]++
		b.mu.Unlock()
	}
	return ack, err
}

// A custom Bus: drivers and orchestrators work with any implementation of [node.Bus]. This one wraps the in-memory bus.
func ExampleBus() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	bus := &countingBus{Bus: membus.New(), count: map[node.Topic]int{}}

	for _, name := range []string{"one", "two"} {
		register := &node.Register{Header: node.Header{Schema: node.Schema}, NodeID: name, BootID: "boot-" + name, Host: "localhost"}
		if _, err := node.Post(ctx, bus, register); err != nil {
			fmt.Println(err)
			return
		}
	}
	err := bus.Tail(ctx, node.TopicRegister, node.From{}, node.Reader{
		Record: func(r node.Record) {
			m, err := node.Decode(r)
			if register, ok := m.(*node.Register); ok {
				fmt.Println(register.NodeID, "on", register.Host, err)
			}
		},
		Live: cancel, // everything published so far has been read
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Println(err)
	}
	fmt.Println(bus.count[node.TopicRegister], "records")
	// Output:
	// one on localhost <nil>
	// two on localhost <nil>
	// 2 records
}
