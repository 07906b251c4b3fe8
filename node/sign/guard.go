package sign

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"landfall/node"
)

// guard decides which records a process trusts. It folds the records in the order of their topics, like every
// process with the same ring, and uses no clock except the broker's timestamps: replaying the same records
// gives the same verdicts. It is not safe for concurrent use.
type guard struct {
	ring   *Ring
	prefix string
	own    *Key   // private key of this process; nil: none
	driver string // name of the driver that this process is; "": an orchestrator
	pairs  *pairs
	runs   runs
	seen   seen
}

func newGuard(r *Ring, prefix string, own *Key, driver string) *guard {
	g := &guard{ring: r, prefix: prefix, own: own, driver: driver}
	if own != nil {
		g.pairs = newPairs(own, r.Fleet)
	}
	return g
}

// errRepeat marks an exact repetition of a recent record: a retry whose first attempt had arrived. It is
// dropped.
var errRepeat = errors.New("a repeat")

// errForOthers marks a configuration encrypted to other keys. It is dropped.
var errForOthers = errors.New("encrypted to others")

func refuse(by, remedy, format string, values ...any) error {
	return &node.RefusedError{By: by, Reason: fmt.Sprintf(format, values...), Remedy: remedy}
}

// judge verifies a record and returns it with its plain message and its signer. An unsigned record of a
// driver without a key in the ring has no signer.
func (g *guard) judge(r node.Record) (node.Record, error) {
	if r.Topic == node.TopicHeartbeat && len(r.Value) == 0 {
		return r, nil // an orchestrator's write probe: empty
	}
	if !sealed(r.Value) {
		return r, g.unsigned(r)
	}
	e, err := open(r.Value)
	if err != nil {
		return r, refuse("", "", "%s: %v", what(r), err)
	}
	m, err := g.authenticate(r, &e)
	if err != nil {
		return r, err
	}
	whole := sum(r.Value)
	signer := m.Signer
	r.Value, r.Signer = e.body, &signer
	if m.Role == node.RoleDriver {
		return r, fresh(r, e.at, driversRecord(r.Topic), m.Name)
	}
	return g.control(r, &e, m, whole)
}

func what(r node.Record) string {
	return fmt.Sprintf("%s record of %s", r.Topic, node.Clean(r.Key, 64))
}

func driverTopic(t node.Topic) bool {
	return t == node.TopicRegister || t == node.TopicHeartbeat || t == node.TopicMetrics
}

// unsigned rejects a record without a signature, unless it belongs to a driver without a key.
func (g *guard) unsigned(r node.Record) error {
	switch {
	case !driverTopic(r.Topic):
		return refuse("", "give its sender a key: --sign-key FILE", "%s: not signed", what(r))
	case g.ring.Named(r.Key, node.RoleDriver):
		return refuse("", "start this driver with its --sign-key", "%s: not signed, although %s has a key", what(r), node.Clean(r.Key, 64))
	}
	if m, err := node.Decode(r); err == nil && node.KeyOf(m) != r.Key {
		return refuse("", "", "%s: not signed, and the message is of %s", what(r), node.KeyOf(m))
	}
	return nil
}

// authenticate returns whose key signed a record, if that key may sign such records.
func (g *guard) authenticate(r node.Record, e *envelope) (*Member, error) {
	m := g.ring.Member(e.key)
	if m == nil {
		return nil, refuse("", "add it with `landfall key trust`, or bring this process the newest ring", "%s: signed with key %s, which is not in the ring", what(r), e.key.Short())
	}
	if !g.verified(r, e) { // first: an unverified record must not be attributed to anyone
		return nil, refuse("", "", "%s: its signature is not that of %s: it was changed, or made for another fleet or topic", what(r), m.Name)
	}
	if err := m.Valid(r.Appended); err != nil {
		return nil, refuse(m.Name, "sign with a key that the ring still has", "%s: %v", what(r), err)
	}
	if driverTopic(r.Topic) != (m.Role == node.RoleDriver) || m.Role == node.RoleViewer {
		return nil, refuse(m.Name, "", "%s: signed with a %s's key", what(r), m.Role)
	}
	if m.Role == node.RoleDriver && m.Name != r.Key {
		return nil, refuse(m.Name, "", "%s: signed by %s, another driver", what(r), m.Name)
	}
	return m, nil
}

func (g *guard) verified(r node.Record, e *envelope) bool {
	message := e.message(place{g.ring.Fleet, g.prefix, r.Topic, r.Key})
	if g.pairs != nil && len(e.proofs) > 0 {
		if has, right := g.pairs.proven(e, message); has {
			return right
		}
	}
	return e.key.verify(message, e.sig)
}

// driversRecord returns how long a driver's record is valid after it was signed, by the broker's timestamp;
// 0: forever.
func driversRecord(t node.Topic) time.Duration {
	switch t {
	case node.TopicRegister:
		return time.Minute
	case node.TopicHeartbeat:
		return 10 * time.Second
	}
	return 0 // snapshots wait in the outbox during an outage; each counts once
}

func validity(t *node.Trigger) time.Duration {
	switch t.Action {
	case node.Start:
		return node.StartValidity * time.Second
	case node.Kill:
		return 30 * time.Second
	case node.Stop:
		return 0 // must reach drivers that were offline
	}
	return 10 * time.Second
}

const (
	configValidity = time.Minute
	// ahead is how far a signer's estimate of the broker's clock may be ahead.
	ahead = 5 * time.Second
	// maxLead limits the time between the append of a start and its T0.
	maxLead = time.Minute
)

// fresh refuses a record that was signed too long before it was appended: a replay.
func fresh(r node.Record, at time.Time, validity time.Duration, by string) error {
	switch age := r.Appended.Sub(at); {
	case validity > 0 && age > validity:
		return refuse(by, "", "%s: signed %s before it was written: at most %s (a replayed record?)", what(r), age.Round(time.Second), validity)
	case age < -ahead:
		return refuse(by, "", "%s: signed %s ahead of the broker's clock", what(r), (-age).Round(time.Second))
	}
	return nil
}

// control verifies the content of an operator's authenticated record.
func (g *guard) control(r node.Record, e *envelope, m *Member, whole digest) (node.Record, error) {
	if err := g.seen.check(whole, r, m.Name); err != nil {
		return r, err
	}
	var err error
	switch r.Topic {
	case node.TopicTestConfig:
		if err = fresh(r, e.at, configValidity, m.Name); err == nil {
			r, err = g.config(r, m, whole)
		}
	case node.TopicTrigger:
		err = g.trigger(r, e, m, whole)
	case node.TopicResults:
		if err = fresh(r, e.at, 0, m.Name); err == nil {
			err = g.runs.result(r, e, m)
		}
	}
	if err == nil || errors.Is(err, errForOthers) {
		g.seen.add(whole, r.Appended)
	}
	return r, err
}

func (g *guard) config(r node.Record, m *Member, whole digest) (node.Record, error) {
	if err := g.runs.config(r, m, whole); err != nil {
		return r, err
	}
	if encrypted(r.Value) {
		plain, err := g.decrypt(r)
		if err != nil {
			return r, err
		}
		r.Value = plain
	}
	message, err := node.Decode(r)
	if err != nil {
		return r, refuse(m.Name, "", "%s: %v", what(r), err)
	}
	c := message.(*node.Config)
	if err := m.allows(c.Spec, len(c.Drivers)); err != nil {
		return r, refuse(m.Name, "", "%s: %v", what(r), err)
	}
	return r, nil
}

func (g *guard) trigger(r node.Record, e *envelope, m *Member, whole digest) error {
	message, err := node.Decode(r)
	if err != nil {
		return refuse(m.Name, "", "%s: %v", what(r), err)
	}
	t := message.(*node.Trigger)
	if err := fresh(r, e.at, validity(t), m.Name); err != nil {
		return err
	}
	if lead := time.UnixMicro(t.T0US).Sub(r.Appended); t.Action == node.Start && (lead > maxLead || lead < -maxLead) {
		return refuse(m.Name, "", "%s: T0 is %s away: at most %s", what(r), lead.Round(time.Second), maxLead)
	}
	if t.Plan != nil {
		if err := m.allowsPlan(t.Plan); err != nil {
			return refuse(m.Name, "", "%s: %v", what(r), err)
		}
	}
	return g.runs.trigger(r, t, e.follows, m, whole)
}

// follows returns the hash that a record to be signed must name: see run.
func (g *guard) follows(topic node.Topic, key string, value []byte) digest {
	run := g.runs.known(key)
	if run == nil {
		return digest{}
	}
	switch topic {
	case node.TopicResults:
		return run.start
	case node.TopicTrigger:
		message, err := node.Decode(node.Record{Topic: topic, Key: key, Value: value})
		if err == nil {
			return run.named(message.(*node.Trigger))
		}
	}
	return digest{}
}

// seen remembers the control records of the last minutes, to detect replays.
type seen struct{ list []seenRecord }

type seenRecord struct {
	whole digest
	at    time.Time
}

const (
	seenFor  = 5 * time.Minute // longer than any record is valid, except stops and results, which are idempotent
	maxSeen  = 4096
	retryFor = 10 * time.Second // a repetition within this time is a retry, not an attack
)

func (s *seen) check(whole digest, r node.Record, by string) error {
	for _, have := range s.list {
		if !bytes.Equal(have.whole[:], whole[:]) {
			continue
		}
		if age := r.Appended.Sub(have.at); age > retryFor {
			return refuse(by, "", "%s: written again %s after it first was", what(r), age.Round(time.Second))
		}
		return errRepeat
	}
	return nil
}

func (s *seen) add(whole digest, at time.Time) {
	for len(s.list) > 0 && (len(s.list) >= maxSeen || at.Sub(s.list[0].at) > seenFor) {
		s.list = s.list[1:]
	}
	s.list = append(s.list, seenRecord{whole, at})
}
