package gateway

import (
	"crypto/sha256"
	"sync"
)

// oncesKept is how many keys are remembered; the oldest are dropped first.
const oncesKept = 1000

// once remembers responses by Idempotency-Key, so that a repeated request triggers no second run.
type once struct {
	mu    sync.Mutex
	order []string
	made  map[string]*making
}

type making struct {
	sum    [sha256.Size]byte
	done   chan struct{}
	testID string
	err    error
}

func newOnce() *once { return &once{made: map[string]*making{}} }

// begin returns the entry of a key, and whether this caller must fill it.
func (o *once) begin(key string, body []byte) (m *making, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if m := o.made[key]; m != nil {
		return m, false
	}
	m = &making{sum: sha256.Sum256(body), done: make(chan struct{})}
	o.made[key] = m
	if o.order = append(o.order, key); len(o.order) > oncesKept {
		delete(o.made, o.order[0])
		o.order = o.order[1:]
	}
	return m, true
}
