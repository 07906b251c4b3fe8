package sign

import (
	"context"

	"landfall/node"
)

// plain is a bus without keys.
type plain struct{ node.Bus }

// Plain returns a bus for a process without fleet keys: it does not sign, and accepts both signed and
// unsigned records, so that keys can be introduced one process at a time.
func Plain(bus node.Bus) node.Bus { return plain{bus} }

func (p plain) Tail(ctx context.Context, topic node.Topic, from node.From, r node.Reader) error {
	opened := r
	opened.Record = func(rec node.Record) { r.Record(opening(rec)) }
	return p.Bus.Tail(ctx, topic, from, opened)
}

func opening(r node.Record) node.Record {
	if !sealed(r.Value) {
		return r
	}
	e, err := open(r.Value)
	switch {
	case err != nil:
		r.Value, r.Refused = nil, refuse("", "", "%s: %v", what(r), err)
	case r.Topic == node.TopicTestConfig && encrypted(e.body):
		r.Value, r.Refused = nil, refuse("", "give this process the fleet's keys: --fleet-keys FILE and --sign-key FILE", "%s: encrypted", what(r))
	default:
		r.Value = e.body
	}
	return r
}
