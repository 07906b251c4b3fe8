package sign

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"landfall/node"
)

// Config is a process's part in a fleet with keys.
type Config struct {
	Prefix string // of topics, as used by the underlying bus
	Ring   *Ring
	Key    *Key   // this process's; nil: it can only read, or is a driver without a key
	Driver string // the name of the driver that uses the bus; "": an orchestrator
	// Published makes rings on the topic valid. No other topic is read until FollowTopic, which must run, has
	// read that one.
	Published bool
}

// Bus is a [node.Bus] that signs what it publishes and verifies what it reads. A rejected record is delivered
// with Refused set and without its value. It is safe for concurrent use.
type Bus struct {
	bus    node.Bus
	config Config
	clock  *node.Clock

	ready     chan struct{} // closed when other topics may be read; see awaitRing
	published sync.Once

	mu       sync.Mutex
	guard    *guard
	readers  map[*reader]struct{} // of the trigger topic
	answered time.Time            // when the broker last acknowledged a record, which measures its clock
	newest   time.Time            // append time of the newest record
}

// Wrap adds signatures to a bus. It returns an error if the process's key does not match the ring or the
// driver's name.
func Wrap(bus node.Bus, c Config) (*Bus, error) {
	if c.Key != nil && c.Driver != "" {
		if m := c.Ring.Member(c.Key.Public()); m != nil && (m.Role != node.RoleDriver || m.Name != c.Driver) {
			return nil, fmt.Errorf("%s: is of the %s %s, not of a driver named %s (give that driver's own key, or the name that the key is of)", c.Key, m.Role, m.Name, c.Driver)
		}
	}
	b := &Bus{bus: bus, config: c, clock: node.NewClock(), guard: newGuard(c.Ring, c.Prefix, c.Key, c.Driver), readers: map[*reader]struct{}{}, ready: make(chan struct{})}
	if !c.Published {
		b.caughtUp()
	}
	return b, nil
}

// Identity describes this process's key and ring.
func (b *Bus) Identity() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	ring := fmt.Sprintf("key ring version %d", b.guard.ring.Version)
	if b.config.Key == nil {
		return "no key of its own, " + ring
	}
	m := b.guard.ring.Member(b.config.Key.Public())
	if m == nil {
		return fmt.Sprintf("%s, which is not in the ring, %s", b.config.Key, ring)
	}
	return fmt.Sprintf("%s %s, %s", m.Role, m.Name, ring)
}

// Signer returns the ring's entry for this process's key; nil: there is none.
func (b *Bus) Signer() *node.Signer {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.config.Key == nil {
		return nil
	}
	if m := b.guard.ring.Member(b.config.Key.Public()); m != nil {
		s := m.Signer
		return &s
	}
	return nil
}

// Commands returns why this process may not command the fleet; nil if its key is a valid operator's.
func (b *Bus) Commands() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.may(node.TopicTrigger, "", b.clock.Broker(time.Now()))
}

// KeyError is the reason why this process may not write a record.
type KeyError struct{ Reason string }

func (e *KeyError) Error() string { return e.Reason }

// Publish signs a record and appends it, as node.Bus describes. An operator's command is retried only while
// it is valid: after a longer outage it would be refused as too old.
func (b *Bus) Publish(ctx context.Context, topic node.Topic, key string, value []byte) (node.Ack, error) {
	if len(value) > 0 {
		if err := b.knowTime(ctx); err != nil {
			return node.Ack{}, err
		}
		if limit := lifetime(topic, key, value); limit > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, limit)
			defer cancel()
		}
		var err error
		if value, err = b.seal(ctx, topic, key, value); err != nil {
			return node.Ack{}, err
		}
	}
	ack, err := b.bus.Publish(ctx, topic, key, value)
	if err == nil {
		b.learn(ack)
	}
	return ack, err
}

// lifetime returns how long an operator's record is valid after it was signed; 0: forever, or it is a
// driver's.
func lifetime(topic node.Topic, key string, value []byte) time.Duration {
	if topic == node.TopicTestConfig {
		return configValidity
	}
	if topic != node.TopicTrigger {
		return 0
	}
	m, err := node.Decode(node.Record{Topic: topic, Key: key, Value: value})
	if err != nil {
		return 0
	}
	return validity(m.(*node.Trigger))
}

func (b *Bus) learn(ack node.Ack) {
	b.clock.Answered(ack)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answered = time.Now().Round(0)
}

// trusted is how long the broker's clock is considered known after an answer: the machine may sleep
// meanwhile.
const trusted = time.Minute

// knowTime measures the broker's clock, which dates signatures, with an empty record.
func (b *Bus) knowTime(ctx context.Context) error {
	b.mu.Lock()
	age := time.Now().Round(0).Sub(b.answered)
	b.mu.Unlock()
	if age >= 0 && age < trusted {
		return nil
	}
	ack, err := b.bus.Publish(ctx, node.TopicHeartbeat, "", nil)
	if err == nil {
		b.learn(ack)
	}
	return err
}

// seal returns the envelope of a message, signed by this process.
func (b *Bus) seal(ctx context.Context, topic node.Topic, key string, value []byte) ([]byte, error) {
	e, ring, err := b.unsealed(topic, key, value)
	if err != nil || b.config.Key == nil {
		return value, err
	}
	message, err := e.sign(ctx, b.config.Key, place{ring.Fleet, b.config.Prefix, topic, key}) // an agent may be slow: do not hold a lock
	if err != nil {
		return nil, fmt.Errorf("sign a record of %s: %w", topic, err)
	}
	if topic == node.TopicHeartbeat || topic == node.TopicMetrics {
		b.guard.pairs.prove(&e, message, ring, e.at)
	}
	return e.bytes(), nil
}

// unsealed returns a message's envelope before it is signed, and the ring it was made for.
func (b *Bus) unsealed(topic node.Topic, key string, value []byte) (e envelope, ring *Ring, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	g, now := b.guard, b.clock.Broker(time.Now())
	if err := b.may(topic, key, now); err != nil || b.config.Key == nil {
		return e, nil, err
	}
	if err := b.within(topic, key, value); err != nil {
		return e, nil, err
	}
	e = envelope{at: now, body: value, follows: g.follows(topic, key, value)}
	if topic == node.TopicTestConfig {
		e.body, err = b.secret(key, value, now)
	}
	return e, g.ring, err
}

// may returns why this process's key cannot sign a record; other processes would refuse it.
func (b *Bus) may(topic node.Topic, key string, now time.Time) error {
	ring, needs := b.guard.ring, node.RoleOperator
	if driverTopic(topic) {
		needs = node.RoleDriver
	}
	if b.config.Key == nil {
		if needs == node.RoleDriver && !ring.Named(key, needs) {
			return nil
		}
		return &KeyError{fmt.Sprintf("no key: records of this kind must be signed by %s's key of this fleet (give it with --sign-key FILE)", article(needs))}
	}
	own := b.config.Key.Public()
	m := ring.Member(own)
	if m == nil {
		if needs == node.RoleDriver {
			return nil // readers report that the key is not in the ring
		}
		return &KeyError{fmt.Sprintf("%s: not in version %d of the fleet's ring (add it with `landfall key trust`, then bring this process the newest ring)", b.config.Key, ring.Version)}
	}
	if err := m.Valid(now); err != nil {
		return &KeyError{fmt.Sprintf("%s: %v (add a new key with `landfall key trust %s NEW.key --role %s`)", b.config.Key, err, m.Name, m.Role)}
	}
	if m.Role != needs {
		return &KeyError{fmt.Sprintf("%s: the key of %s is %s's; records of this kind must be signed by %s's (give one with --sign-key)", b.config.Key, m.Name, article(m.Role), article(needs))}
	}
	return nil
}

func article(r node.Role) string {
	if r == node.RoleOperator {
		return "an operator"
	}
	return "a " + string(r)
}

// within returns why a record exceeds the limits of this process's key; other processes would refuse it.
func (b *Bus) within(topic node.Topic, key string, value []byte) error {
	m := b.guard.ring.Member(b.config.Key.Public())
	if m == nil || topic != node.TopicTestConfig && topic != node.TopicTrigger {
		return nil
	}
	message, err := node.Decode(node.Record{Topic: topic, Key: key, Value: value})
	if err != nil {
		return err
	}
	switch message := message.(type) {
	case *node.Config:
		err = m.allows(message.Spec, len(message.Drivers))
	case *node.Trigger:
		if message.Plan != nil {
			err = m.allowsPlan(message.Plan)
		}
	}
	if err != nil {
		return &KeyError{err.Error()}
	}
	return nil
}

// secret returns a configuration, encrypted if every selected driver has a key.
func (b *Bus) secret(key string, value []byte, now time.Time) ([]byte, error) {
	m, err := node.Decode(node.Record{Topic: node.TopicTestConfig, Key: key, Value: value})
	if err != nil {
		return nil, err
	}
	ring := b.guard.ring
	to := ring.recipients(m.(*node.Config), now)
	if to == nil {
		return value, nil
	}
	return encrypt(value, to, secretInfo(ring.Fleet, b.config.Prefix, key))
}

// reader belongs to one Tail. Its mutex serializes the callbacks of Tail and of Replace.
type reader struct {
	mu sync.Mutex
	to node.Reader
}

// Tail reads a topic, as node.Bus describes. Rejected records are delivered with the reason and without their
// value.
func (b *Bus) Tail(ctx context.Context, topic node.Topic, from node.From, r node.Reader) error {
	if topic == node.TopicKeys {
		return b.tailRings(ctx, from, r, refusedRing(r))
	}
	b.awaitRing(ctx)
	t := &reader{to: r}
	if topic == node.TopicTrigger {
		b.mu.Lock()
		b.readers[t] = struct{}{}
		b.mu.Unlock()
		defer func() {
			b.mu.Lock()
			delete(b.readers, t)
			b.mu.Unlock()
		}()
	}
	verified := r
	verified.Record = func(r node.Record) {
		t.mu.Lock()
		defer t.mu.Unlock()
		if r, ok := b.judge(r); ok {
			t.to.Record(r)
		}
	}
	return b.bus.Tail(ctx, topic, from, verified)
}

func (b *Bus) judge(r node.Record) (node.Record, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.Appended.After(b.newest) {
		b.newest = r.Appended
	}
	judged, err := b.guard.judge(r)
	var refused *node.RefusedError
	switch {
	case err == nil:
		return judged, true
	case errors.As(err, &refused):
		r.Value, r.Refused = nil, err
		return r, true
	}
	return r, false
}
