package cli

import (
	"fmt"
	"os"

	"landfall/cli/exit"
	"landfall/cli/process"
	"landfall/kafkabus/embedded"
	"landfall/node"
)

type brokerCmd struct {
	Life      lifeFlags   `embed:""`
	Broker    brokerFlags `embed:""`
	Advertise string      `placeholder:"HOST[:PORT]" help:"Address to advertise to clients (the listen address)."`
	Keep      int         `default:"16" placeholder:"MIB" help:"MiB to retain per partition (16); about a fifth of it is held in memory."`
	Temporary bool        `hidden:"" help:"Remove the data folder on exit."`
}

func (c *brokerCmd) Run(a *app) error {
	if err := c.Broker.check(); err != nil {
		return err
	}
	if c.Keep < 4 || c.Keep > 1<<20 {
		return &exit.UsageError{Err: fmt.Errorf("--keep %d: must be between 4 and 1048576 MiB", c.Keep)}
	}
	process.Sparing(25)
	b, err := embedded.Start(embedded.Config{Dir: a.Data, Keep: int64(c.Keep) << 20, Listen: c.Broker.Listen, Advertise: c.Advertise, Log: a.log()})
	if err != nil {
		return notStarted(err, c.Broker.Listen)
	}
	if c.Temporary {
		defer os.RemoveAll(a.Data)
	}
	defer b.Close()
	if !node.Loopback(c.Broker.Listen) {
		a.log().Warn("the embedded broker has no authentication: anyone who can connect controls the fleet", "listen", c.Broker.Listen)
	}
	fmt.Println(b.Addr())
	fmt.Fprintf(os.Stderr, "broker listening on %s; start a driver with: landfall driver --brokers %s\n", b.Addr(), b.Addr())
	select {
	case <-b.Done():
		return b.Err()
	case <-c.Life.ending(""):
		return nil
	}
}
