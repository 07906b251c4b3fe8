package driver

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"landfall/node"
)

// outboxBytes limits the queue: several hours of snapshots during an outage.
const outboxBytes = 64 << 20

// outbox queues snapshots and sends them one at a time and in order, each until it is acknowledged.
type outbox struct {
	bus    node.Bus
	mu     sync.Mutex
	queue  []letter
	bytes  int
	lost   int64
	logged int64         // lost at the last log line
	more   chan struct{} // signals additions
	empty  *sync.Cond
	log    *slog.Logger
}

type letter struct {
	topic node.Topic
	key   string
	value []byte
}

func newOutbox(bus node.Bus, log *slog.Logger) *outbox {
	o := &outbox{bus: bus, log: log, more: make(chan struct{}, 1)}
	o.empty = sync.NewCond(&o.mu)
	return o
}

// add queues a message; when the outbox is full, the oldest ones are dropped and counted.
func (o *outbox) add(m node.Message) error {
	topic, key, value, err := node.Encode(m)
	if err != nil {
		return err
	}
	o.mu.Lock()
	o.queue = append(o.queue, letter{topic, key, value})
	o.bytes += len(value)
	for o.bytes > outboxBytes && len(o.queue) > 1 {
		o.bytes -= len(o.queue[0].value)
		o.queue = o.queue[1:]
		o.drop(errFull)
	}
	o.mu.Unlock()
	select {
	case o.more <- struct{}{}:
	default:
	}
	return nil
}

var errFull = errors.New("the outbox is full: Kafka has been away for too long")

// drop counts a snapshot that cannot be sent, and logs why: for the first one, and again at each power of
// ten.
func (o *outbox) drop(err error) {
	o.lost++
	if n := o.lost; n == 1 || n == o.logged*10 {
		o.logged = n
		o.log.Info("snapshots dropped: the report will lack them", "dropped", n, "error", node.Clean(err.Error(), 240))
	}
}

// length returns the numbers of queued and of dropped snapshots.
func (o *outbox) length() (waiting int, lost int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.queue), o.lost
}

// run sends until ctx ends.
func (o *outbox) run(ctx context.Context) {
	for {
		l, ok := o.first()
		if !ok {
			select {
			case <-ctx.Done():
				return
			case <-o.more:
			}
			continue
		}
		if _, err := o.bus.Publish(ctx, l.topic, l.key, l.value); err != nil {
			if ctx.Err() != nil {
				return
			}
			// Rejected for good (too large, not authorised): retrying would block all later ones.
			o.mu.Lock()
			o.drop(err)
			o.mu.Unlock()
		}
		o.sent(l)
	}
}

func (o *outbox) first() (letter, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == 0 {
		return letter{}, false
	}
	return o.queue[0], true
}

// sent removes l, unless it was dropped meanwhile.
func (o *outbox) sent(l letter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) > 0 && &o.queue[0].value[0] == &l.value[0] {
		o.bytes -= len(l.value)
		o.queue[0] = letter{}
		o.queue = o.queue[1:]
	}
	if len(o.queue) == 0 {
		o.queue = nil
		o.empty.Broadcast()
	}
}

// flush waits until everything is acknowledged or ctx ends, and returns how many snapshots are not.
func (o *outbox) flush(ctx context.Context) int {
	stop := context.AfterFunc(ctx, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.empty.Broadcast()
	})
	defer stop()
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.queue) > 0 && ctx.Err() == nil {
		o.empty.Wait()
	}
	return len(o.queue)
}
