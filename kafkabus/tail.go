package kafkabus

import (
	"context"
	"sync"
	"time"

	"landfall/node"
)

// partitionsEach is the interval at which a Tail looks for new partitions.
const partitionsEach = 5 * time.Second

// tail is one call of Tail: a cursor for each partition, and the reader they share.
type tail struct {
	bus   *Bus
	topic node.Topic

	mu      sync.Mutex // the reader's functions are called one at a time
	reader  node.Reader
	pending int // partitions that have not reached the end they had when the Tail started
}

// Tail reads a topic, as [node.Bus] describes. In calls of Missing, to is less than from if the log was recreated.
func (b *Bus) Tail(ctx context.Context, topic node.Topic, from node.From, r node.Reader) error {
	if err := known(topic); err != nil {
		return err
	}
	t := &tail{bus: b, topic: topic, reader: r}
	t.run(ctx, from)
	if b.isClosed() {
		return ErrClosed
	}
	return nil
}

// run starts a cursor for each partition and waits for all of them.
func (t *tail) run(ctx context.Context, from node.From) {
	var cursors sync.WaitGroup
	defer cursors.Wait()
	n := t.count(ctx)
	t.pending = n
	for i := range n {
		cursors.Go(func() { t.cursor(i).run(ctx, from) })
	}
	each := time.NewTicker(partitionsEach)
	defer each.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.bus.closed:
			return
		case <-each.C:
			n = t.more(ctx, n, &cursors)
		}
	}
}

func (t *tail) cursor(partition int) *cursor {
	return &cursor{tail: t, partition: partition}
}

// count returns the number of partitions once it is known.
func (t *tail) count(ctx context.Context) int {
	var r retry
	for ctx.Err() == nil && !t.bus.isClosed() {
		generation := t.bus.current()
		n, err := t.bus.partitions(ctx, t.topic)
		if err == nil {
			return n
		}
		err = t.bus.cause(err)
		t.answered(ctx, err)
		t.bus.mend(ctx, generation, err)
		r.wait(ctx, t.bus.closed, err)
	}
	return 0
}

// more starts cursors for new partitions, from their first record.
func (t *tail) more(ctx context.Context, n int, cursors *sync.WaitGroup) int {
	now, err := t.bus.partitions(ctx, t.topic)
	if err != nil {
		return n
	}
	for ; n < now; n++ {
		c := t.cursor(n)
		c.live = true
		cursors.Go(func() { c.run(ctx, node.From{}) })
	}
	return n
}

// reached is called once by each of the initial cursors.
func (t *tail) reached() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pending--; t.pending == 0 && t.reader.Live != nil {
		t.reader.Live()
	}
}

func (t *tail) answered(ctx context.Context, err error) {
	if t.reader.Answered == nil || ctx.Err() != nil || t.bus.isClosed() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reader.Answered(err)
}

func (t *tail) missing(partition int, from, to int64) {
	t.bus.log.Warn("records are missing", "topic", t.topic, "partition", partition, "from", from, "to", to)
	if t.reader.Missing == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reader.Missing(partition, from, to)
}
