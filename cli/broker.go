package cli

import (
	"fmt"
	"os"

	"landfall/cli/exit"
	"landfall/kafkabus/embedded"
)

type brokerCmd struct {
	Life      lifeFlags `embed:""`
	Listen    string    `default:"127.0.0.1:9092" placeholder:"HOST:PORT" help:"Where to listen (127.0.0.1:9092); port 0: a free one."`
	Advertise string    `placeholder:"HOST[:PORT]" help:"What clients are told, if not where it listens."`
	Keep      int       `default:"16" placeholder:"MIB" help:"MiB kept of each partition (16): more keeps more of what long runs measured, and takes a fifth of it as memory."`
	Temporary bool      `hidden:"" help:"Remove the data folder at the end."`
}

func (c *brokerCmd) Run(a *app) error {
	if err := listens(c.Listen); err != nil {
		return err
	}
	if c.Keep < 4 || c.Keep > 1<<20 {
		return &exit.UsageError{Err: fmt.Errorf("--keep %d: must be between 4 and 1048576 MiB", c.Keep)}
	}
	b, err := embedded.Start(embedded.Config{Dir: a.Data, Keep: int64(c.Keep) << 20, Listen: c.Listen, Advertise: c.Advertise, Log: a.log()})
	if err != nil {
		return err
	}
	if c.Temporary {
		defer os.RemoveAll(a.Data)
	}
	defer b.Close()
	fmt.Println(b.Addr())
	fmt.Fprintf(os.Stderr, "the broker listens on %s; a driver joins with: landfall driver --brokers %s\n", b.Addr(), b.Addr())
	select {
	case <-b.Done():
		return b.Err()
	case <-c.Life.ending(""):
		return nil
	}
}
