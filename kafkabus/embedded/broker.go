// Package embedded is a Kafka broker in this process: kfake, described by its author as a test fake, hardened to run
// landfall on one machine with nothing to install.
//
// It adds what kfake lacks: a guard against frames that make it panic, append times from the broker's clock,
// a lock on the data folder, an advertised address and working retention. It is a single broker without replication,
// authentication or TLS, and a panic in kfake ends the process: use Apache Kafka for important fleets.
package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
)

// DefaultKeep is the number of bytes retained per partition: more than a minute of snapshots from 1,000 drivers, or hours from
// nine.
const DefaultKeep = 16 << 20

// Config configures the broker.
type Config struct {
	Dir       string       // data folder; default: in memory
	Keep      int64        // bytes retained per partition, in steps of 4 MiB, for topics without retention.bytes; default: DefaultKeep
	Listen    string       // host:port; port 0: a free one; default 127.0.0.1:9092
	Advertise string       // host or host:port advertised to clients; default: the listen address
	Log       *slog.Logger // default: none
}

const (
	segmentBytes = "4194304" // larger segments make responses slow
	cleanEachMS  = "1000"
)

// Broker is a running broker.
type Broker struct {
	addr    string
	cluster *kfake.Cluster
	lock    *lock

	closing sync.Once
	done    chan struct{}
	dying   sync.Once
	err     error // valid once done is closed
}

// Start starts a broker. If another process holds c.Dir, the error is a *LockedError.
func Start(c Config) (*Broker, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Keep == 0 {
		c.Keep = DefaultKeep
	}
	if c.Listen == "" {
		c.Listen = "127.0.0.1:9092"
	}
	b := &Broker{done: make(chan struct{})}
	if err := b.acquire(c.Dir); err != nil {
		return nil, err
	}
	if err := b.start(c); err != nil {
		b.lock.release()
		return nil, err
	}
	if err := b.lock.publish(b.addr); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// Addr returns the advertised address, host:port.
func (b *Broker) Addr() string { return b.addr }

// Done is closed when the broker has stopped, by Close or because of an error.
func (b *Broker) Done() <-chan struct{} { return b.done }

// Err returns, once Done is closed, why the broker stopped; nil after Close.
func (b *Broker) Err() error {
	select {
	case <-b.done:
		return b.err
	default:
		return nil
	}
}

// Close stops the broker after its data is safe on disk.
func (b *Broker) Close() error {
	b.closing.Do(func() {
		b.end(nil)
		b.cluster.Close()
		b.lock.release()
	})
	return nil
}

func (b *Broker) acquire(dir string) (err error) {
	if dir != "" {
		b.lock, err = acquire(dir)
	}
	return err
}

func (b *Broker) start(c Config) error {
	if err := c.prepare(); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	b.addr = advertised(ln.Addr(), c.Advertise)
	guarded := &listener{Listener: ln, addr: address(b.addr), log: c.Log, failed: b.end}
	b.cluster, err = kfake.NewCluster(options(c, guarded)...)
	if err != nil {
		ln.Close()
		if c.Dir != "" {
			return fmt.Errorf("start the embedded broker with the data in %s: %w (to start without this data, move the folder away)", c.data(), err)
		}
		return fmt.Errorf("start the embedded broker: %w", err)
	}
	return nil
}

func (c Config) data() string { return filepath.Join(c.Dir, "data") }

// prepare makes the data folder private and repairs damage that kfake cannot handle.
func (c Config) prepare() error {
	if c.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(c.data(), 0o700); err != nil {
		return err
	}
	if err := os.Chmod(c.data(), 0o700); err != nil { // kfake's files are world-readable
		return err
	}
	return repair(c.data(), c.Log)
}

// end records why the broker stopped; the first reason wins.
func (b *Broker) end(err error) {
	b.dying.Do(func() {
		b.err = err
		close(b.done)
	})
}

func options(c Config, ln net.Listener) []kfake.Opt {
	configs := map[string]string{"log.segment.bytes": segmentBytes, "log.cleaner.backoff.ms": cleanEachMS, "log.retention.bytes": strconv.FormatInt(c.Keep, 10)}
	opts := []kfake.Opt{
		kfake.NumBrokers(1), kfake.ClusterID("landfall-embedded"), kfake.WithLogger(logger{c.Log}),
		kfake.ListenFn(func(string, string) (net.Listener, error) { return ln, nil }),
	}
	if c.Dir != "" {
		opts = append(opts, kfake.DataDir(c.data()))
	}
	return append(opts, kfake.BrokerConfigs(configs))
}

// LockedError means that another process holds the data folder.
type LockedError struct {
	Dir  string
	Addr string // listen address of that process; empty if it is not known yet
}

// ErrLocked matches every *LockedError with errors.Is.
var ErrLocked = errors.New("the data folder is in use by another broker")

func (e *LockedError) Error() string {
	if e.Addr == "" {
		return fmt.Sprintf("%s is in use by another broker", e.Dir)
	}
	return fmt.Sprintf("%s is in use by another broker, listening on %s", e.Dir, e.Addr)
}

// Is makes errors.Is(err, ErrLocked) true.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }
