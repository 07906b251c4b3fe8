package kafkabus_test

import (
	"context"
	"fmt"
	"time"

	"landfall/kafkabus"
	"landfall/kafkabus/embedded"
	"landfall/node"
)

// Connect to a broker, publish a message, and read the topic up to its end. The broker is an embedded one, in memory.
func ExampleOpen() {
	broker, err := embedded.Start(embedded.Config{Listen: "127.0.0.1:0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer broker.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	bus, err := kafkabus.Open(ctx, kafkabus.Config{Brokers: []string{broker.Addr()}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bus.Close()
	register := &node.Register{Header: node.Header{Schema: node.Schema}, NodeID: "one", BootID: "boot-one", Host: "localhost"}
	if _, err := node.Post(ctx, bus, register); err != nil {
		fmt.Println(err)
		return
	}

	reading, stop := context.WithCancel(ctx)
	err = bus.Tail(reading, node.TopicRegister, node.From{}, node.Reader{
		Record: func(r node.Record) { fmt.Println(r.Topic, r.Key) },
		Live:   stop, // everything published so far has been read
	})
	fmt.Println(err)
	// Output:
	// register one
	// <nil>
}
