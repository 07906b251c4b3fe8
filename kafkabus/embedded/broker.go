// Package embedded is a Kafka broker within this process: kfake, which its author calls a test fake, made fit to run
// landfall on one machine without installing anything.
//
// It adds what kfake lacks: a guard that drops frames which would make it panic, append times from the broker's clock,
// a lock on the data folder, an advertised address and retention that runs. It is one broker, without replication,
// authentication or TLS, and an error within kfake ends the process: fleets that matter use Apache Kafka.
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

// DefaultKeep is how many bytes of each partition are kept. Of 1,000 drivers' snapshots that is more than a minute, of
// nine drivers' some hours.
const DefaultKeep = 16 << 20

// Config says where the broker listens and what it keeps where.
type Config struct {
	Dir       string       // of the data; default: all is kept in memory
	Keep      int64        // bytes of each partition, in steps of 4 MiB, whose topic has no retention.bytes of its own; default: DefaultKeep
	Listen    string       // host:port; port 0: a free one; default 127.0.0.1:9092
	Advertise string       // host or host:port that clients are told; default: where it listens
	Log       *slog.Logger // default: none
}

const (
	segmentBytes = "4194304" // larger ones make slow answers
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
	err     error // once done is closed
}

// Start starts a broker. When another process holds c.Dir, the error is a *LockedError.
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

// Addr is where clients find the broker: host:port, as advertised.
func (b *Broker) Addr() string { return b.addr }

// Done is closed when the broker has ended, by Close or by itself.
func (b *Broker) Done() <-chan struct{} { return b.done }

// Err says, once Done is closed, why the broker ended by itself; nil after Close.
func (b *Broker) Err() error {
	select {
	case <-b.done:
		return b.err
	default:
		return nil
	}
}

// Close ends the broker, with its data safe on disk.
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
			return fmt.Errorf("start the embedded broker with the data in %s: %w (to start without them, move that folder away)", c.data(), err)
		}
		return fmt.Errorf("start the embedded broker: %w", err)
	}
	return nil
}

func (c Config) data() string { return filepath.Join(c.Dir, "data") }

// prepare makes the folder of the data one that nobody else reads, and what is in it readable for kfake.
func (c Config) prepare() error {
	if c.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(c.data(), 0o700); err != nil {
		return err
	}
	if err := os.Chmod(c.data(), 0o700); err != nil { // kfake's files are readable to all
		return err
	}
	return repair(c.data(), c.Log)
}

// end records why the broker ended; the first reason counts.
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

// LockedError says that another process holds the data folder.
type LockedError struct {
	Dir  string
	Addr string // where that process's broker listens; empty when it has not said so
}

// ErrLocked matches every *LockedError with errors.Is.
var ErrLocked = errors.New("the data folder is held by another broker")

func (e *LockedError) Error() string {
	if e.Addr == "" {
		return fmt.Sprintf("%s is held by another broker", e.Dir)
	}
	return fmt.Sprintf("%s is held by another broker, which listens on %s", e.Dir, e.Addr)
}

// Is makes errors.Is(err, ErrLocked) true.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }
