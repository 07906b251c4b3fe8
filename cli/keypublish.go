package cli

import (
	"context"
	"fmt"
	"time"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/node"
	"landfall/node/sign"
)

// keyPublishCmd hands a ring to every process of its fleet at once. It needs no private key: the ring is signed.
type keyPublishCmd struct {
	Kafka connect.Flags `embed:"" group:"Kafka"`
}

// defaultRing is the ring's file of all commands that change or list it.
const defaultRing = "fleet.keys"

// publishTimeout bounds reading the published rings and appending one.
const publishTimeout = 20 * time.Second

func (c *keyPublishCmd) Run(a *app) error {
	file := c.Kafka.Keys.Ring
	if file == "" {
		file = defaultRing
	}
	ring, err := sign.LoadRing(file)
	if err != nil {
		return &exit.UsageError{Err: fmt.Errorf("--fleet-keys: %w", err)}
	}
	ctx := interrupted()
	bus, err := connect.Open(ctx, c.Kafka, a.Data, a.quietLog(), connect.Notice)
	if err != nil {
		return err
	}
	defer bus.Close()
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	if err := ring.Publish(ctx, bus); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	fmt.Printf("published version %d of fleet %s to topic %s%s; its processes take it over within a second\n", ring.Version, ring.Fleet, bus.Prefix(), node.TopicKeys)
	return nil
}
