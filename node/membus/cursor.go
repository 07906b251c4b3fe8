package membus

import (
	"context"

	"landfall/node"
)

const batch = 256 // records copied under the topic's lock at a time

// cursor is the position of one Tail.
type cursor struct {
	topic  *topic
	from   node.From
	reader node.Reader
	next   []int64 // per partition; nil until the first read
	live   []int64 // ends of the partitions at the first read; nil once they have been reached
}

// read delivers all records after the cursor.
func (c *cursor) read(ctx context.Context) {
	if c.next == nil {
		c.next, c.live = c.topic.positions(c.from)
	}
	for i := range c.next {
		for c.readSome(ctx, i) {
		}
	}
	if c.live != nil && c.reached() && ctx.Err() == nil {
		c.live = nil
		if c.reader.Live != nil {
			c.reader.Live()
		}
	}
	c.answered(nil)
}

func (c *cursor) readSome(ctx context.Context, partition int) (more bool) {
	recs, first := c.topic.read(partition, c.next[partition], batch)
	if first > c.next[partition] && c.reader.Missing != nil {
		c.reader.Missing(partition, c.next[partition], first)
	}
	c.next[partition] = first
	for _, rec := range recs {
		if ctx.Err() != nil {
			return false
		}
		c.reader.Record(rec)
		c.next[partition] = rec.Offset + 1
	}
	return len(recs) == batch
}

func (c *cursor) reached() bool {
	for i, end := range c.live {
		if c.next[i] < end {
			return false
		}
	}
	return true
}

func (c *cursor) answered(err error) {
	if c.reader.Answered != nil {
		c.reader.Answered(err)
	}
}
