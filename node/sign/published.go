package sign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"landfall/node"
)

// Publish appends a ring to the topic of rings, from which every process of the fleet reads it. Anyone with
// write access may publish it: only the root's signature counts. A ring that the fleet would refuse, or
// already has, is an error.
func (r *Ring) Publish(ctx context.Context, bus node.Bus) error {
	newest, err := r.newest(ctx, bus)
	switch {
	case err != nil:
		return err
	case newest != nil && newest.Version == r.Version && bytes.Equal(newest.body, r.body):
		return fmt.Errorf("version %d of the ring is published already", r.Version)
	case newest != nil:
		if err := r.Succeeds(newest); err != nil {
			return fmt.Errorf("version %d of the ring is published: %w", newest.Version, err)
		}
	}
	_, err = bus.Publish(ctx, node.TopicKeys, r.Fleet, r.Text())
	return err
}

// newest returns the highest version of the fleet's ring on the topic; nil: none. Rings of other roots are
// ignored, except for roots that r's root replaced.
func (r *Ring) newest(ctx context.Context, bus node.Bus) (newest *Ring, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	live := errors.New("read to its end")
	err = bus.Tail(ctx, node.TopicKeys, node.From{}, node.Reader{
		Record: func(rec node.Record) {
			ring, err := r.successor(rec.Value)
			if err == nil && ring.Fleet == r.Fleet && (newest == nil || ring.Version > newest.Version) {
				newest = ring
			}
		},
		Live: func() { cancel(live) },
	})
	if err == nil && context.Cause(ctx) != live {
		err = fmt.Errorf("read the published rings: %w", context.Cause(ctx))
	}
	return newest, err
}

// FollowTopic installs every successor of the ring from the topic of rings, until ctx ends. Refusals are
// logged once of each kind. If the topic cannot be read, that is logged and the ring in force stays.
func (b *Bus) FollowTopic(ctx context.Context, log *slog.Logger) {
	var complaints node.Complaints
	version := b.Version()
	err := b.tailRings(ctx, node.From{}, node.Reader{Live: b.caughtUp}, func(r node.Record, err error) {
		if err != nil {
			complaints.About(r, err, log)
		} else if now := b.Version(); now != version {
			version = now
			log.Info("another version of the key ring is in force", "topic", node.TopicKeys, "version", now)
		}
	})
	if err != nil {
		log.Warn("published rings cannot be read; only the ring's file is followed", "topic", node.TopicKeys, "error", err)
	}
	b.caughtUp()
}

// caughtUp unblocks other topics: the newest published ring is in force.
func (b *Bus) caughtUp() { b.published.Do(func() { close(b.ready) }) }

// awaitRing waits until the newest published ring is in force; an older one may hold keys that were revoked
// since.
func (b *Bus) awaitRing(ctx context.Context) {
	select {
	case <-b.ready:
	case <-ctx.Done():
	}
}

// tailRings reads the topic of rings, installs each successor of the ring in force, and calls judged with
// each record and the reason if it is refused.
func (b *Bus) tailRings(ctx context.Context, from node.From, r node.Reader, judged func(node.Record, error)) error {
	highest := int64(0) // version on the topic so far
	r.Record = func(rec node.Record) {
		version, err := b.take(rec, highest)
		highest = max(highest, version)
		judged(rec, err)
	}
	return b.bus.Tail(ctx, node.TopicKeys, from, r)
}

// refusedRing adapts a reader to receive refused rings and the reasons.
func refusedRing(r node.Reader) func(node.Record, error) {
	return func(rec node.Record, err error) {
		if err != nil {
			rec.Value, rec.Refused = nil, refuse("", ringRemedy(err), "%s: %v", what(rec), err)
			r.Record(rec)
		}
	}
}

func ringRemedy(err error) string {
	var lower *lowerError
	switch {
	case errors.As(err, &lower):
		return "the higher version stays in force; publish the newest ring"
	case errors.Is(err, errNotRoots):
		return "if the root key was replaced, publish the version that replaced it first"
	}
	return ""
}

// lowerError is an old ring that was published again.
type lowerError struct{ version, highest int64 }

func (e *lowerError) Error() string {
	return fmt.Sprintf("lower version: %d, after version %d", e.version, e.highest)
}

// take installs a published ring if it succeeds the one in force. highest is the highest version read from
// the topic before: a lower one after it is a replay. The ring in force and older ones are skipped.
func (b *Bus) take(rec node.Record, highest int64) (version int64, err error) {
	b.mu.Lock()
	current := b.guard.ring
	b.mu.Unlock()
	if rec.Key != current.Fleet {
		return 0, fmt.Errorf("of fleet %q: this process belongs to fleet %s", node.Clean(rec.Key, 64), current.Fleet)
	}
	ring, err := current.successor(rec.Value)
	switch {
	case err != nil:
		return 0, err
	case ring.Version < highest:
		return 0, &lowerError{ring.Version, highest}
	case ring.Version < current.Version, ring.Version == current.Version && bytes.Equal(ring.body, current.body):
		return ring.Version, nil
	}
	if err := b.Replace(ring); err != nil && b.Version() <= ring.Version { // unless the file has brought it meanwhile
		return 0, err
	}
	return ring.Version, nil
}

var errNotRoots = errors.New("not signed by the root key of the ring in use")

// successor parses a ring after verifying that the root of r signed it.
func (r *Ring) successor(content []byte) (*Ring, error) {
	if len(content) > maxRing {
		return nil, errors.New("larger than a ring can be")
	}
	body, signatures, err := cutSignature(string(content))
	if err != nil {
		return nil, err
	}
	signed := &Ring{body: []byte(body)}
	if signed.signatures, err = parseSignatures(signatures); err != nil {
		return nil, err
	}
	if !signed.signedBy(r.Root) {
		return nil, errNotRoots
	}
	return ParseRing(content)
}
