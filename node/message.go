package node

import (
	"context"
	"encoding/json"
	"fmt"
)

// Message is one of the messages in this package.
type Message interface {
	// address returns the topic and the key of the message.
	address() (Topic, string)
	// check rejects a message that no honest node sends, and makes its strings safe to display.
	check() error
	header() *Header
}

// Post encodes m and publishes it.
func Post(ctx context.Context, bus Bus, m Message) (Ack, error) {
	topic, key, value, err := Encode(m)
	if err != nil {
		return Ack{}, err
	}
	return bus.Publish(ctx, topic, key, value)
}

// Encode returns m as a record: topic, key and bytes.
func Encode(m Message) (topic Topic, key string, value []byte, err error) {
	topic, key = m.address()
	m.header().Schema = Schema
	value, err = json.Marshal(m)
	if err != nil {
		return topic, key, nil, fmt.Errorf("encode %s: %w", topic, err)
	}
	return topic, key, value, topic.Fits(key, value)
}

// Decode returns the message in a record, with its size, schema and fields checked and its strings safe to display. The sender of a
// signed record is its signer.
func Decode(r Record) (Message, error) {
	if r.Refused != nil {
		return nil, r.Refused
	}
	m := blank(r.Topic)
	if m == nil {
		return nil, fmt.Errorf("topic %q: unknown", r.Topic)
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
		return nil, fmt.Errorf("%s: schema %d: this version reads schema %d", r.Topic, s, Schema)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Topic, err)
	}
	if r.Signer != nil {
		if key := KeyOf(m); key != r.Key { // the signature covers the key, and the key identifies the sender
			return nil, fmt.Errorf("%s: key %q: the message belongs to %s", r.Topic, Clean(r.Key, 64), key)
		}
		attribute(m, r.Signer)
	}
	return m, nil
}

// KeyOf returns the record key of a message: a node or a run.
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
	if !(v >= low && v <= high) { // unlike v < low || v > high, this rejects NaN
		return fmt.Errorf("%s %v: must be between %v and %v", field, v, low, high)
	}
	return nil
}
