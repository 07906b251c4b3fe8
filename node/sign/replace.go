package sign

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"landfall/node"
)

// Replace installs the ring's successor at run time. Runs controlled by a signer without a valid key are
// stopped: readers of the trigger topic receive a synthetic stop.
func (b *Bus) Replace(r *Ring) error {
	stops, err := b.replace(r)
	if err != nil {
		return err
	}
	b.mu.Lock()
	var to []*reader
	for t := range b.readers {
		to = append(to, t)
	}
	b.mu.Unlock()
	for _, t := range to {
		t.mu.Lock()
		for _, stop := range stops {
			t.to.Record(stop)
		}
		t.mu.Unlock()
	}
	return nil
}

func (b *Bus) replace(r *Ring) (stops []node.Record, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := r.Succeeds(b.guard.ring); err != nil {
		return nil, fmt.Errorf("key ring: %w", err)
	}
	b.guard.ring = r
	now := b.clock.Broker(time.Now())
	if b.newest.After(now) {
		now = b.newest
	}
	for _, id := range b.guard.runs.orphaned(func(name string) bool { return r.Holds(name, node.RoleOperator, now) }) {
		stop, err := stopped(id, b.guard.runs.known(id).helm, r.Version, now)
		if err != nil {
			return nil, err
		}
		stops = append(stops, stop)
	}
	return stops, nil
}

// stopped returns the stop of a run whose controller has lost its key. Every process creates it with the same
// id.
func stopped(testID, helm string, version int64, now time.Time) (node.Record, error) {
	id := sha256.Sum256(fmt.Appendf(nil, "%d %s", version, testID))
	value, err := json.Marshal(&node.Trigger{
		Header: node.Header{Schema: node.Schema}, ID: hex.EncodeToString(id[:8]), Action: node.Stop, TestID: testID,
		By: "the key ring", Reason: fmt.Sprintf("in version %d, %s has no valid key", version, helm),
	})
	return node.Record{Topic: node.TopicTrigger, Key: testID, Value: value, Appended: now}, err
}

// Version returns the version of the ring in force.
func (b *Bus) Version() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.guard.ring.Version
}
