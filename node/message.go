package node

import (
	"context"
	"encoding/json"
	"fmt"
)

// Message is one of this package's messages.
type Message interface {
	// address is the topic that the message belongs on, and its key there.
	address() (Topic, string)
	// check refuses a message that no honest node sends, and makes its texts safe to show.
	check() error
	header() *Header
}

// Post encodes m and publishes it where it belongs.
func Post(ctx context.Context, bus Bus, m Message) (Ack, error) {
	topic, key, value, err := Encode(m)
	if err != nil {
		return Ack{}, err
	}
	return bus.Publish(ctx, topic, key, value)
}

// Encode is m as a record: where it goes, and its bytes.
func Encode(m Message) (topic Topic, key string, value []byte, err error) {
	topic, key = m.address()
	m.header().Schema = Schema
	value, err = json.Marshal(m)
	if err != nil {
		return topic, key, nil, fmt.Errorf("encode %s: %w", topic, err)
	}
	return topic, key, value, topic.Fits(key, value)
}

// Decode is the message in a record: its size, schema and fields checked, its texts safe to show. Of a signed record, the
// signer is who it is by.
func Decode(r Record) (Message, error) {
	if r.Refused != nil {
		return nil, r.Refused
	}
	m := blank(r.Topic)
	if m == nil {
		return nil, fmt.Errorf("topic %q: not one of ours", r.Topic)
	}
	if err := r.Topic.Fits(r.Key, r.Value); err != nil {
		return nil, err
	}
	if bound, ok := structures[r.Topic]; ok {
		if err := CheckStructure(r.Value, bound.objects, bound.values); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Topic, err)
		}
	}
	if err := json.Unmarshal(r.Value, m); err != nil {
		return nil, fmt.Errorf("%s: not a message: %s", r.Topic, Clean(err.Error(), 120))
	}
	if s := m.header().Schema; s != Schema {
		return nil, fmt.Errorf("%s: schema %d: this version reads %d", r.Topic, s, Schema)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Topic, err)
	}
	if r.Signer != nil {
		if key := KeyOf(m); key != r.Key { // the signature vouches for the key, and the key for whose it is
			return nil, fmt.Errorf("%s: key %q: the message is of %s", r.Topic, Clean(r.Key, 64), key)
		}
		attribute(m, r.Signer)
	}
	return m, nil
}

// KeyOf is the key that a message's record has: whose it is, or of which run.
func KeyOf(m Message) string {
	_, key := m.address()
	return key
}

func blank(t Topic) Message {
	switch t {
	case TopicRegister:
		return new(Register)
	case TopicHeartbeat:
		return new(Heartbeat)
	case TopicTestConfig:
		return new(Config)
	case TopicTrigger:
		return new(Trigger)
	case TopicMetrics:
		return new(Metrics)
	case TopicResults:
		return new(Result)
	}
	return nil
}

func inRange[T int | int64 | float64](field string, v, low, high T) error {
	if !(v >= low && v <= high) { // not: v < low || v > high, which lets NaN pass
		return fmt.Errorf("%s %v: must be between %v and %v", field, v, low, high)
	}
	return nil
}
