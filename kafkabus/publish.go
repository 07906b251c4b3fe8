package kafkabus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
	"landfall/node"
)

// worthCompressing is the size in bytes from which records are compressed.
const worthCompressing = 1 << 10

// Publish appends a record, as [node.Bus] describes. Heartbeats are acknowledged by the leader only, for a short
// round trip (it measures the broker's clock); all other records by every in-sync replica.
func (b *Bus) Publish(ctx context.Context, topic node.Topic, key string, value []byte) (node.Ack, error) {
	if err := known(topic); err != nil {
		return node.Ack{}, err
	}
	if err := topic.Fits(key, value); err != nil {
		return node.Ack{}, err
	}
	var r retry
	for {
		generation := b.current()
		ack, err := b.produce(ctx, r.limit(len(value)), topic, key, value)
		if err == nil {
			return ack, nil
		}
		err = b.cause(err)
		if err := b.finalError(ctx, r.because(ctx, err)); err != nil {
			return node.Ack{}, fmt.Errorf("publish to %s: %w", topic, err)
		}
		b.log.Debug("publish failed, will be retried", "topic", topic, "err", err)
		b.mend(ctx, generation, err)
		r.wait(ctx, b.closed, err)
	}
}

// finalError returns the reason not to retry, or nil.
func (b *Bus) finalError(ctx context.Context, err error) error {
	switch {
	case b.isClosed():
		return ErrClosed
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return ctx.Err()
	case ctx.Err() != nil:
		return fmt.Errorf("%w (last attempt: %w)", ctx.Err(), err)
	case is(err, kafka.MessageSizeTooLarge, kafka.RecordListTooLarge, kafka.InvalidRecord, kafka.InvalidTopic,
		kafka.TopicAuthorizationFailed, kafka.PolicyViolation):
		return err
	}
	return nil
}

func (b *Bus) produce(ctx context.Context, limit time.Duration, topic node.Topic, key string, value []byte) (node.Ack, error) {
	n, err := b.partitions(ctx, topic)
	if err != nil {
		return node.Ack{}, err
	}
	req := &kafka.ProduceRequest{Topic: b.name(topic), Partition: node.PartitionOf(key, n), RequiredAcks: kafka.RequireAll,
		Records: kafka.NewRecordReader(kafka.Record{Key: kafka.NewBytes([]byte(key)), Value: kafka.NewBytes(value)})}
	if topic == node.TopicHeartbeat {
		req.RequiredAcks = kafka.RequireOne
	}
	if len(value) >= worthCompressing {
		req.Compression = kafka.Lz4
	}
	ack := node.Ack{Partition: req.Partition, Sent: time.Now()}
	res, err := b.within(limit).Produce(ctx, req)
	ack.Answered = time.Now()
	if err != nil {
		return node.Ack{}, err
	}
	if res.Error != nil {
		return node.Ack{}, res.Error
	}
	ack.Appended, ack.Offset = res.LogAppendTime, res.BaseOffset
	return ack, nil
}

// mend repairs the cause of a request's error before the retry, as far as the error shows it.
func (b *Bus) mend(ctx context.Context, generation int, err error) {
	b.renew(generation)
	if topicGone(err) {
		b.mendTopics(ctx)
	}
}
