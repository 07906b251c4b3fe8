// Package kafkabus implements [node.Bus] over Apache Kafka and compatible brokers.
//
// [Open] connects to the brokers and creates the topics that landfall needs. [Bus.Publish] appends a record and returns when it is
// acknowledged; [Bus.Tail] reads a topic without a consumer group, from the first record or from a time on. Package
// [landfall/node] defines the messages in the records, and [landfall/kafkabus/embedded] is a broker within a process.
//
// A Bus handles lost connections, leader changes and deleted topics by itself: callers notice only delays, and the errors passed to
// the Answered function of a [node.Reader]. Open returns an [*UnreachableError], an [*AuthError] or a [*TopicError] if retrying
// cannot help or takes too long.
package kafkabus

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"landfall/node"
)

// Config says how to reach Kafka.
type Config struct {
	Brokers  []string     // host:port; at least one
	Prefix   string       // of every topic; default "landfall."
	ClientID string       // shown in the broker's logs; default "landfall"
	SASL     string       // "" (none), "PLAIN", "SCRAM-SHA-256" or "SCRAM-SHA-512"
	User     string       // for SASL
	Password string       // for SASL
	TLS      *tls.Config  // default: none
	Log      *slog.Logger // default: none
	// Dial maps an advertised host:port to the address to dial: another host:port, or unix:PATH. Tunnels use it.
	// Default: the advertised address.
	Dial map[string]string
}

// ErrClosed is returned by the methods of a closed Bus.
var ErrClosed = errors.New("the bus is closed")

// metadataTTL is how long cluster metadata is cached while no request fails.
const metadataTTL = 15 * time.Second

// Bus is a [node.Bus] over Kafka. Close stops all of its goroutines and connections.
type Bus struct {
	prefix    string
	brokers   []string
	user      string
	log       *slog.Logger
	client    kafka.Client // copied and given a timeout for each request
	transport *kafka.Transport
	dialer    *dialer
	stop      context.CancelFunc // ends the transport's goroutines
	closed    chan struct{}
	closing   sync.Once

	mu         sync.Mutex
	generation int // of the transport's connections

	mending sync.Mutex
	mended  time.Time // when the topics were last checked
}

// Open connects to Kafka, creates missing topics and waits until the brokers list them. It retries
// until ctx is done, and then returns the obstacle, for instance an *UnreachableError or an *AuthError. Errors that retrying
// cannot fix are returned at once.
func Open(ctx context.Context, c Config) (*Bus, error) {
	b, err := newBus(c)
	if err != nil {
		return nil, err
	}
	if err := b.prepare(ctx); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// Prefix is the prefix of every topic.
func (b *Bus) Prefix() string { return b.prefix }

// Close closes every connection. Pending calls of Publish and Tail return ErrClosed.
func (b *Bus) Close() error {
	b.closing.Do(func() {
		close(b.closed)
		b.stop()
		b.transport.CloseIdleConnections()
		b.dialer.close()
	})
	return nil
}

func newBus(c Config) (*Bus, error) {
	if len(c.Brokers) == 0 {
		return nil, errors.New("no brokers: at least one host:port is needed")
	}
	mechanism, err := c.mechanism()
	if err != nil {
		return nil, err
	}
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	b := &Bus{prefix: cmp.Or(c.Prefix, "landfall."), brokers: c.Brokers, user: c.User, log: log,
		dialer: newDialer(c.Dial), closed: make(chan struct{})}
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	b.transport = &kafka.Transport{
		Dial: b.dialer.dial, DialTimeout: 10 * time.Second, MetadataTTL: metadataTTL, MetadataTopics: b.names(),
		ClientID: cmp.Or(c.ClientID, "landfall"), TLS: c.TLS, SASL: mechanism, Context: ctx,
	}
	b.client = kafka.Client{Addr: kafka.TCP(c.Brokers...), Timeout: patience, Transport: b.transport}
	return b, nil
}

// Brokers returns the advertised addresses of the cluster, host:port, sorted.
func (b *Bus) Brokers(ctx context.Context) ([]string, error) {
	md, err := b.metadata(ctx)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, broker := range md.Brokers {
		list = append(list, net.JoinHostPort(broker.Host, strconv.Itoa(broker.Port)))
	}
	slices.Sort(list)
	return list, nil
}

func (b *Bus) name(t node.Topic) string { return b.prefix + string(t) }

func (b *Bus) names() []string {
	var names []string
	for _, t := range node.Topics {
		names = append(names, b.name(t))
	}
	return names
}

// within returns the client with a timeout for each request.
func (b *Bus) within(limit time.Duration) *kafka.Client {
	c := b.client
	c.Timeout = limit
	return &c
}

func (b *Bus) isClosed() bool {
	select {
	case <-b.closed:
		return true
	default:
		return false
	}
}

// current returns the generation of connections that a new request will use.
func (b *Bus) current() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.generation
}

// renew closes the connections of a generation and drops the cached metadata. Otherwise the Transport would use outdated
// metadata until it expires. If many requests fail at once, only the first renews.
func (b *Bus) renew(generation int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if generation == b.generation {
		b.generation++
		b.transport.CloseIdleConnections()
	}
}

// metadata asks a broker, since the Transport would return cached metadata.
func (b *Bus) metadata(ctx context.Context) (*kafka.MetadataResponse, error) {
	b.renew(b.current())
	return b.client.Metadata(ctx, &kafka.MetadataRequest{Topics: b.names()})
}

// partitions returns the number of partitions of a topic. Open made sure that topics whose order matters have one.
func (b *Bus) partitions(ctx context.Context, topic node.Topic) (int, error) {
	if topic.Partitions() == 1 {
		return 1, nil
	}
	md, err := b.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{b.name(topic)}})
	if err != nil {
		return 0, err
	}
	for _, t := range md.Topics {
		if t.Name == b.name(topic) && len(t.Partitions) > 0 {
			return len(t.Partitions), nil
		}
	}
	return 0, fmt.Errorf("topic %s: %w", b.name(topic), kafka.UnknownTopicOrPartition)
}

// known returns an error unless topic is one of node.Topics: no others are created.
func known(topic node.Topic) error {
	for _, t := range node.Topics {
		if t == topic {
			return nil
		}
	}
	return fmt.Errorf("no topic %q", topic)
}
