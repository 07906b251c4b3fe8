package kafkabus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
	"landfall/node"
)

const (
	maxWait       = 2 * time.Second // of a fetch that finds nothing; shorter ones fail on slow links
	fetchBytes    = 1 << 20
	maxFetchBytes = 64 << 20
	keepBuffer    = 4 << 20
	// gather is how long to wait for more records before the next fetch, once the end of the log has been reached: otherwise
	// the heartbeats of a thousand drivers would cost a request each. The first record after a quiet period is
	// not delayed.
	gather = 10 * time.Millisecond
)

// cursor reads one partition.
type cursor struct {
	tail      *tail
	partition int
	next      int64 // offset to read
	end       int64 // offset at which the cursor is live
	live      bool
	located   bool // next and end are known
	retry     retry
	maxBytes  int32

	buffer   []byte       // for responses
	unpacked bytes.Buffer // decompressed batches
}

// run reads until ctx is done or the bus is closed.
func (c *cursor) run(ctx context.Context, from node.From) {
	c.maxBytes = fetchBytes
	c.attempt(ctx, func() error { return c.locate(ctx, from) })
	c.located = true
	for c.going(ctx) {
		c.checkLive()
		before := c.next
		c.attempt(ctx, func() error { return c.read(ctx) })
		if c.live && c.next > before {
			c.rest(ctx)
		}
	}
}

// rest waits for records to accumulate.
func (c *cursor) rest(ctx context.Context) {
	timer := time.NewTimer(gather)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-c.tail.bus.closed:
	case <-timer.C:
	}
}

func (c *cursor) going(ctx context.Context) bool { return ctx.Err() == nil && !c.tail.bus.isClosed() }

// attempt retries what until it succeeds, and reports the result of each attempt.
func (c *cursor) attempt(ctx context.Context, what func() error) {
	bus := c.tail.bus
	for c.going(ctx) {
		generation := bus.current()
		err := bus.cause(what())
		c.tail.answered(ctx, err)
		if err == nil {
			c.retry.succeeded()
			return
		}
		if !c.going(ctx) {
			return
		}
		bus.log.Debug("read failed, will be retried", "topic", c.tail.topic, "partition", c.partition, "err", err)
		bus.mend(ctx, generation, err)
		c.recheck(ctx, err)
		c.retry.wait(ctx, bus.closed, err)
	}
}

func (c *cursor) checkLive() {
	if !c.live && c.next >= c.end {
		c.live = true
		c.tail.reached()
	}
}

// locate finds the first offset to read and the current end of the partition.
func (c *cursor) locate(ctx context.Context, from node.From) error {
	first, last, err := c.bounds(ctx)
	if err != nil {
		return err
	}
	c.next, c.end = first, last
	if from.Since.IsZero() {
		return nil
	}
	c.next, err = c.since(ctx, from.Since, last)
	return err
}

func (c *cursor) bounds(ctx context.Context) (first, last int64, err error) {
	p, err := c.offsets(ctx, kafka.FirstOffsetOf(c.partition), kafka.LastOffsetOf(c.partition))
	return p.FirstOffset, p.LastOffset, err
}

// since returns the first offset stamped at or after a time, or the end of the log if there is none.
func (c *cursor) since(ctx context.Context, at time.Time, last int64) (int64, error) {
	p, err := c.offsets(ctx, kafka.TimeOffsetOf(c.partition, at))
	if err != nil {
		return 0, err
	}
	for offset := range p.Offsets {
		if offset >= 0 {
			return offset, nil
		}
	}
	return last, nil
}

func (c *cursor) offsets(ctx context.Context, asked ...kafka.OffsetRequest) (kafka.PartitionOffsets, error) {
	name := c.tail.bus.name(c.tail.topic)
	res, err := c.tail.bus.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{name: asked}})
	if err != nil {
		return kafka.PartitionOffsets{}, err
	}
	if len(res.Topics[name]) != 1 {
		return kafka.PartitionOffsets{}, fmt.Errorf("no offsets of topic %s", name)
	}
	p := res.Topics[name][0]
	return p, p.Error
}

// read fetches once and delivers the records.
func (c *cursor) read(ctx context.Context) error {
	bus := c.tail.bus
	limited, cancel := context.WithTimeout(ctx, c.retry.limit(0))
	defer cancel()
	buffer := c.buffer
	c.buffer = nil // a canceled request may still be writing to it
	answer, err := bus.transport.RoundTrip(limited, bus.client.Addr, &fetch{clientID: bus.transport.ClientID, topic: bus.name(c.tail.topic),
		partition: int32(c.partition), offset: c.next, maxBytes: c.maxBytes, maxWait: maxWait, buffer: buffer})
	if err != nil {
		return err
	}
	got := answer.(*fetched)
	if err := c.deliver(ctx, got.records); err != nil {
		return err
	}
	if cap(got.buffer) <= keepBuffer {
		c.buffer = got.buffer
	}
	if c.unpacked.Cap() > keepBuffer {
		c.unpacked = bytes.Buffer{}
	}
	return nil
}

// deliver passes on the records of a response.
func (c *cursor) deliver(ctx context.Context, answer []byte) error {
	before := c.next
	for rest := answer; len(rest) > 0 && ctx.Err() == nil; {
		b, after, err := nextBatch(rest)
		if errors.Is(err, errIncomplete) {
			break
		}
		if err != nil {
			return err
		}
		c.deliverBatch(ctx, b)
		rest = after
	}
	if len(answer) > 0 && c.next == before && ctx.Err() == nil {
		c.maxBytes = min(2*c.maxBytes, maxFetchBytes)
		return fmt.Errorf("no whole record batch in an answer of %d bytes at offset %d", len(answer), c.next)
	}
	c.maxBytes = fetchBytes
	return nil
}

func (c *cursor) deliverBatch(ctx context.Context, b batch) {
	if b.last < c.next {
		return
	}
	if b.first > c.next {
		c.tail.missing(c.partition, c.next, b.first)
		c.next = b.first
	}
	if err := b.each(&c.unpacked, c.tail.topic.MaxBytes()+framing, func(r record) bool { return c.deliverRecord(ctx, r) }); err != nil {
		c.tail.bus.log.Warn("unreadable records", "topic", c.tail.topic, "partition", c.partition, "offset", c.next, "err", err)
		c.tail.missing(c.partition, c.next, b.last+1)
	}
	if ctx.Err() == nil {
		c.next = b.last + 1
	}
}

func (c *cursor) deliverRecord(ctx context.Context, r record) bool {
	if r.offset < c.next { // a batch may start before the requested offset
		return true
	}
	t := c.tail
	t.mu.Lock()
	defer t.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	t.reader.Record(node.Record{Topic: t.topic, Partition: c.partition, Offset: r.offset, Appended: r.appended,
		Key: string(r.key), Value: bytes.Clone(r.value)})
	c.next = r.offset + 1
	return true
}

// recheck compares the position with the bounds of the log after an error that indicates a different log.
func (c *cursor) recheck(ctx context.Context, err error) {
	if !c.located || !is(err, kafka.OffsetOutOfRange) && !topicGone(err) {
		return
	}
	first, last, err := c.bounds(ctx)
	if err != nil || c.next >= first && c.next <= last {
		return
	}
	c.tail.missing(c.partition, c.next, first)
	c.next, c.end = first, min(c.end, last)
}
