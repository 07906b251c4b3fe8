package orchestrator

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/sign"
)

// Keys is what an orchestrator knows of its fleet's keys; *sign.Bus has it.
type Keys interface {
	Signer() *node.Signer // this process's key; nil: it has none in the ring
	Version() int64       // of the ring
}

var _ Keys = (*sign.Bus)(nil)

// Unsigned is what a process without keys says once.
const Unsigned = "UNSIGNED: no fleet keys: whoever can write to Kafka can start and stop load (see `landfall key`)"

// warnUnsigned tells once that nothing is verified.
func (o *Orchestrator) warnUnsigned() {
	if o.config.Unsigned {
		o.state.Tell(fleet.Event{Kind: fleet.EventNote, Text: Unsigned})
	}
}

// signer is this process's key; nil: none.
func (o *Orchestrator) signer() *node.Signer {
	if o.config.Keys == nil {
		return nil
	}
	return o.config.Keys.Signer()
}

// allowed tells why this process's key forbids a spec on that many drivers; nil: it does not.
func (o *Orchestrator) allowed(spec loadgen.Spec, drivers int) error {
	if s := o.signer(); s != nil {
		return sign.Allows(s, spec, drivers)
	}
	return nil
}

// deaf tells why a driver would not obey this process, as far as keys go; nil: it would.
func (o *Orchestrator) deaf(d *fleet.Driver) error {
	theirs := d.Heartbeat.KeyRing
	switch {
	case theirs == 0:
		return nil
	case o.config.Keys == nil:
		return errors.New("it obeys only what its fleet's keys sign: give --fleet-keys FILE and --key FILE")
	case o.config.Keys.Signer() == nil:
		return errors.New("it obeys only what its fleet's keys sign: this process has no key in the ring (--key FILE)")
	}
	return nil
}

func (o *Orchestrator) deafAmong(drivers []string) (list []Refusal) {
	o.View(func(s *fleet.State) {
		for _, id := range drivers {
			if why := o.deaf(s.Driver(id)); why != nil {
				list = append(list, Refusal{id, why.Error()})
			}
		}
	})
	return list
}

// outdated says that a driver has another version of the ring; "": it has the same, or none.
func (o *Orchestrator) outdated(d *fleet.Driver) string {
	if d == nil || d.Heartbeat.KeyRing == 0 || o.config.Keys == nil || d.Heartbeat.KeyRing == o.config.Keys.Version() {
		return ""
	}
	return fmt.Sprintf("; it has version %d of the key ring, this process %d", d.Heartbeat.KeyRing, o.config.Keys.Version())
}

// eligible tells whether a driver may be chosen without being named: where there are keys, one whose heartbeats nobody signed
// may be anybody's.
func (o *Orchestrator) eligible(d *fleet.Driver) bool {
	return o.config.Keys == nil || d.Heartbeat.SignedBy() != nil
}

// refusalLog counts refused records by kind, so that a flood of them makes few events.
type refusalLog struct{ kinds map[refusalKind]*tally }

type refusalKind struct {
	topic      node.Topic
	by, remedy string
}

type tally struct {
	told time.Time // broker's clock, of the newest event
	more int       // since then
	last string    // the newest of those, in words
}

const (
	maxRefusalKinds = 64
	retellRefusals  = 10 * time.Second
)

// add counts a refused record and tells whether it is an event at once: the first of its kind.
func (l *refusalLog) add(topic node.Topic, e *node.RefusedError, now time.Time) bool {
	kind := refusalKind{topic, e.By, e.Remedy}
	t := l.kinds[kind]
	switch {
	case t == nil && len(l.kinds) == maxRefusalKinds:
		return false
	case t == nil:
		if l.kinds == nil {
			l.kinds = map[refusalKind]*tally{}
		}
		l.kinds[kind] = &tally{told: now}
		return true
	}
	t.more++
	t.last = e.Error()
	return false
}

// due are the counts, in words, of kinds of which more came since their last event, which was a while ago.
func (l *refusalLog) due(now time.Time) (list []string) {
	for _, t := range l.kinds {
		if t.more > 0 && now.Sub(t.told) >= retellRefusals {
			list = append(list, fmt.Sprintf("refused %d more in %.0f s; the last: %s", t.more, now.Sub(t.told).Seconds(), t.last))
			t.told, t.more = now, 0
		}
	}
	slices.Sort(list)
	return list
}

// refused makes an event of a record that is not believed. Those of the past are not news.
func (o *Orchestrator) refused(r node.Record) {
	var e *node.RefusedError
	if !o.caughtUp || !errors.As(r.Refused, &e) || !o.refusalLog.add(r.Topic, e, r.Appended) {
		return
	}
	event := fleet.Event{At: r.Appended, Kind: fleet.EventRefused, By: e.By, Text: node.Clean("refused: "+e.Error(), 400)}
	switch r.Topic {
	case node.TopicRegister, node.TopicHeartbeat, node.TopicMetrics:
		event.NodeID = node.Clean(r.Key, 64)
	default:
		event.TestID = node.Clean(r.Key, 64)
	}
	o.state.Tell(event)
}

// retellRefused tells how many more records were refused.
func (o *Orchestrator) retellRefused() {
	for _, text := range o.refusalLog.due(o.state.Now()) {
		o.state.Tell(fleet.Event{Kind: fleet.EventRefused, Text: node.Clean(text, 400)})
	}
}
