package kafkabus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"landfall/node"
)

// forEver is unlimited retention.
const forEver = time.Duration(-1)

const (
	framing     = 4 << 10 // part of node.Topic.MaxBytes reserved for framing
	mendingEach = 3 * time.Second
)

// retention is how long the records of a topic are kept.
var retention = map[node.Topic]time.Duration{
	node.TopicRegister:   90 * 24 * time.Hour,
	node.TopicHeartbeat:  10 * time.Minute,    // the embedded broker has an index of every record in memory
	node.TopicTestConfig: 30 * 24 * time.Hour, // specs may hold secrets; reports are kept for ever, with the secrets redacted
	node.TopicTrigger:    forEver,
	node.TopicMetrics:    7 * 24 * time.Hour,
	node.TopicResults:    forEver,
	node.TopicKeys:       forEver,
}

// settings are the configuration entries of a topic.
func settings(t node.Topic) map[string]string {
	s := map[string]string{
		"cleanup.policy":         "delete", // kafka-go cannot read compacted topics reliably
		"message.timestamp.type": "LogAppendTime",
		"compression.type":       "producer", // whatever the default of the brokers is
		"max.message.bytes":      strconv.Itoa(t.MaxBytes() + framing),
		"retention.ms":           milliseconds(retention[t]),
	}
	if t == node.TopicHeartbeat { // only the last few seconds are read
		s["segment.ms"] = milliseconds(5 * time.Minute) // the active segment is never deleted
		s["retention.bytes"] = strconv.Itoa(8 << 20)
	}
	if retention[t] == forEver || t == node.TopicTestConfig {
		s["retention.bytes"] = "-1" // whatever the default of the brokers is: no record is deleted early
	}
	return s
}

func milliseconds(d time.Duration) string {
	if d == forEver {
		return "-1"
	}
	return strconv.FormatInt(d.Milliseconds(), 10)
}

// prepare creates and checks the topics, and retries until ctx is done.
func (b *Bus) prepare(ctx context.Context) error {
	var r retry
	for {
		reached, err := b.prepareOnce(ctx)
		if err == nil {
			return nil
		}
		err = bare(err)
		if final := b.explain(err); final != nil {
			return final
		}
		if ctx.Err() != nil {
			return b.prepareError(ctx, reached, r.because(ctx, err))
		}
		r.because(ctx, err)
		r.wait(ctx, b.closed, err)
	}
}

func (b *Bus) prepareError(ctx context.Context, reached bool, err error) error {
	if !reached {
		return &UnreachableError{Brokers: b.brokers, Err: err, TLS: b.transport.TLS != nil}
	}
	return fmt.Errorf("prepare the topics at %s: %w", strings.Join(b.brokers, ", "), errors.Join(ctx.Err(), err))
}

func (b *Bus) prepareOnce(ctx context.Context) (reached bool, err error) {
	md, err := b.metadata(ctx)
	if err != nil {
		return false, err
	}
	if err := b.check(ctx, md); err != nil {
		return true, err
	}
	if err := b.create(ctx, md); err != nil {
		return true, err
	}
	return true, b.awaitTopics(ctx)
}

// create creates the topics that do not exist.
func (b *Bus) create(ctx context.Context, md *kafka.MetadataResponse) error {
	var wanted []kafka.TopicConfig
	for _, t := range node.Topics {
		if i := topicIn(md, b.name(t)); i < 0 || is(md.Topics[i].Error, kafka.UnknownTopicOrPartition) {
			wanted = append(wanted, b.topicConfig(t, len(md.Brokers)))
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	res, err := b.client.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: wanted})
	if err != nil {
		return fmt.Errorf("create topics: %w", bare(err))
	}
	for _, t := range wanted {
		if err := res.Errors[t.Topic]; err != nil && !is(err, kafka.TopicAlreadyExists) {
			return createError(t.Topic, err)
		}
	}
	b.log.Info("created topics", "count", len(wanted), "replicas", wanted[0].ReplicationFactor)
	return nil
}

func (b *Bus) topicConfig(t node.Topic, brokers int) kafka.TopicConfig {
	replicas := min(max(brokers, 1), 3)
	entries := settings(t)
	if replicas == 3 {
		entries["min.insync.replicas"] = "2"
	}
	c := kafka.TopicConfig{Topic: b.name(t), NumPartitions: t.Partitions(), ReplicationFactor: replicas}
	for name, value := range entries {
		c.ConfigEntries = append(c.ConfigEntries, kafka.ConfigEntry{ConfigName: name, ConfigValue: value})
	}
	return c
}

// createError returns a final error, unless the cluster may accept the topic later.
func createError(topic string, err error) error {
	if is(err, kafka.InvalidReplicationFactor) || !permanent(err) {
		return fmt.Errorf("topic %s cannot be created: %w", topic, err) // brokers may be missing temporarily
	}
	return &TopicError{Topic: topic, Reason: "cannot be created", Err: err}
}

// awaitTopics waits until the brokers list every topic with a leader for each partition.
func (b *Bus) awaitTopics(ctx context.Context) error {
	var r retry
	for {
		missing := errors.New("no topic is listed")
		md, err := b.metadata(ctx)
		if err == nil {
			missing = b.unready(md)
		}
		if err == nil && missing == nil {
			return nil
		}
		if ctx.Err() != nil || b.isClosed() {
			return errors.Join(err, missing)
		}
		r.wait(ctx, b.closed, err)
	}
}

func (b *Bus) unready(md *kafka.MetadataResponse) error {
	for _, name := range b.names() {
		i := topicIn(md, name)
		if i < 0 {
			return fmt.Errorf("topic %s is not listed", name)
		}
		if err := md.Topics[i].Error; err != nil {
			return fmt.Errorf("topic %s: %w", name, err)
		}
		for _, p := range md.Topics[i].Partitions {
			if p.Leader.Host == "" {
				return fmt.Errorf("partition %d of topic %s has no leader", p.ID, name)
			}
		}
	}
	return nil
}

// mendTopics recreates topics that the cluster has lost, for instance a broker without persistent storage.
func (b *Bus) mendTopics(ctx context.Context) {
	if !b.mending.TryLock() {
		return
	}
	defer b.mending.Unlock()
	if time.Since(b.mended) < mendingEach {
		return
	}
	b.mended = time.Now()
	md, err := b.metadata(ctx)
	if err == nil {
		err = b.create(ctx, md)
	}
	if err != nil {
		b.log.Debug("topics are missing and cannot be created", "err", err)
	}
}

func topicIn(md *kafka.MetadataResponse, name string) int {
	return slices.IndexFunc(md.Topics, func(t kafka.Topic) bool { return t.Name == name })
}
