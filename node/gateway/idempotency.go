package gateway

import (
	"crypto/sha256"
	"sync"
)

// maxKeys is how many keys are remembered; the oldest are dropped first.
const maxKeys = 1000

// idempotency remembers responses by Idempotency-Key, so that a repeated request triggers no second run.
type idempotency struct {
	mu      sync.Mutex
	order   []string
	entries map[string]*keyEntry
}

type keyEntry struct {
	sum    [sha256.Size]byte
	done   chan struct{}
	testID string
	err    error
}

func newIdempotency() *idempotency { return &idempotency{entries: map[string]*keyEntry{}} }

// begin returns the entry of a key, and whether this caller must fill it.
func (o *idempotency) begin(key string, body []byte) (m *keyEntry, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if m := o.entries[key]; m != nil {
		return m, false
	}
	m = &keyEntry{sum: sha256.Sum256(body), done: make(chan struct{})}
	o.entries[key] = m
	if o.order = append(o.order, key); len(o.order) > maxKeys {
		delete(o.entries, o.order[0])
		o.order = o.order[1:]
	}
	return m, true
}
