// Package kafkabus is node.Bus over Apache Kafka, or whatever speaks its protocol.
//
// It creates the topics that landfall needs, publishes each record until it is acknowledged, and reads topics without
// consumer groups, from an offset or a time. Connections, leaders and topics that go away are its own business: a
// caller sees them as time that passes, and through Reader.Answered. What the records mean is left to package node.
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
	// Dial says where a broker's host:port, as it is advertised, is really reached: another host:port, or unix:PATH. It is
	// how a tunnel is used. Default: where it says.
	Dial map[string]string
}

// ErrClosed is what a closed Bus answers.
var ErrClosed = errors.New("the bus is closed")

// metadataTTL bounds how long the brokers' layout is believed without asking again, where nothing has failed.
const metadataTTL = 15 * time.Second

// Bus is a node.Bus over Kafka. All of its goroutines and connections end with Close.
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
	mended  time.Time // when the topics were last looked after
}

// Open connects to Kafka, creates the topics that are missing and waits until the brokers show them. It keeps trying
// until ctx ends and then says with an *UnreachableError, an *AuthError or the like what stood in the way; what no
// waiting can heal is returned at once.
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

// Prefix is what every topic's name begins with.
func (b *Bus) Prefix() string { return b.prefix }

// Close ends every connection; what still waits in Publish or Tail returns ErrClosed.
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

// Brokers are the addresses that the cluster advertises, host:port, in order.
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

// within is the client with a time limit for each request.
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

// current is the generation of connections that a request begun now will use.
func (b *Bus) current() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.generation
}

// renew drops the connections of a generation, and with them what was known of leaders. Without it a Transport goes
// on believing old metadata until its time to live has passed. Of many that fail at once, the first one renews.
func (b *Bus) renew(generation int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if generation == b.generation {
		b.generation++
		b.transport.CloseIdleConnections()
	}
}

// metadata asks a broker anew: the Transport would answer from what it remembers.
func (b *Bus) metadata(ctx context.Context) (*kafka.MetadataResponse, error) {
	b.renew(b.current())
	return b.client.Metadata(ctx, &kafka.MetadataRequest{Topics: b.names()})
}

// partitions is how many partitions a topic has. Topics that need an order have one, as Open made sure.
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

// known says whether topic is one of node.Topics: only those are created.
func known(topic node.Topic) error {
	for _, t := range node.Topics {
		if t == topic {
			return nil
		}
	}
	return fmt.Errorf("no topic %q", topic)
}
