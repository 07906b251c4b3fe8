// Package local is a whole fleet within one process, for `landfall run --local`: a bus in memory, one driver and an
// orchestrator. Its cost is that of a driver; the rest is a few messages a second.
package local

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"landfall/loadgen"
	"landfall/node/driver"
	"landfall/node/membus"
	"landfall/node/orchestrator"
)

// NodeID is the name of the only driver.
const NodeID = "local"

// topicBytes is the number of bytes of a topic that stay in memory. It is small, because all readers tail the topics from the start.
const topicBytes = 128 << 10

// Config configures a local run.
type Config struct {
	Spec     loadgen.Spec
	By       string // author of actions
	Host     string
	Version  string
	Threads  int          // of the load engine; 0: one a core
	Portable bool         // the load engine's portable loop
	Bind     []netip.Addr // source addresses of its connections, used in turn; none: the system chooses
	Log      *slog.Logger
}

// Run hosts a driver and an orchestrator for as long as use runs.
func Run(ctx context.Context, c Config, use func(*orchestrator.Orchestrator) error) error {
	bus := membus.New()
	bus.Keep = topicBytes
	d, err := driver.New(bus, driver.Config{
		NodeID: NodeID, Host: c.Host, Version: c.Version, AllowTargets: allowed(c.Spec), Threads: c.Threads, Portable: c.Portable, Bind: c.Bind, Log: c.Log,
	})
	if err != nil {
		return err
	}
	o := orchestrator.New(bus, orchestrator.Config{By: c.By, Version: c.Version, Log: c.Log})
	hosted, stop := context.WithCancel(ctx)
	driven, conducted := make(chan error, 1), make(chan error, 1)
	go func() { driven <- d.Run(hosted) }()
	go func() { conducted <- o.Run(hosted) }()
	err = use(o)
	stop()
	select { // nothing is left to send: the run is over or was abandoned
	case <-driven:
	case <-time.After(time.Second):
		d.Quit()
		<-driven
	}
	return errors.Join(err, <-conducted)
}

// allowed returns the targets that the driver may load: any, because the author of the spec also runs the driver. Unix sockets must
// be listed one by one.
func allowed(s loadgen.Spec) []string {
	list := []string{"0.0.0.0/0", "::/0"}
	if to, err := loadgen.ParseTarget("target", s.Target); err == nil && to.Socket != "" {
		list = append(list, to.Endpoint())
	}
	return list
}
