package orchestrator

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/sign"
)

// Keys provides the fleet's keys; *sign.Bus implements it.
type Keys interface {
	Signer() *node.Signer // of this process's key; nil: it has none in the ring
	Version() int64       // of the ring
	Commands() error      // why this process may not command the fleet; nil: it may
}

var _ Keys = (*sign.Bus)(nil)

// KeyError is the reason why this process's key, or its absence, forbids a command.
type KeyError = sign.KeyError

// Unsigned is the warning of a process without keys.
const Unsigned = "UNSIGNED: anyone who can write to Kafka can start and stop load (see `landfall key`)"

// warnUnsigned reports once that nothing is verified.
func (o *Orchestrator) warnUnsigned() {
	if o.config.Unsigned {
		o.state.AddEvent(fleet.Event{At: o.Now(), Kind: fleet.EventNote, Text: Unsigned})
	}
}

// signer returns this process's signer; nil: none.
func (o *Orchestrator) signer() *node.Signer {
	if o.config.Keys == nil {
		return nil
	}
	return o.config.Keys.Signer()
}

// allowed returns why this process's key, or its absence, forbids a spec on that many drivers; nil if it does
// not.
func (o *Orchestrator) allowed(spec loadgen.Spec, drivers int) error {
	if o.config.Keys != nil {
		if err := o.config.Keys.Commands(); err != nil {
			return err
		}
	}
	if s := o.signer(); s != nil {
		if err := sign.Allows(s, spec, drivers); err != nil {
			return &sign.KeyError{Reason: err.Error()}
		}
	}
	return nil
}

// ignoresCommands returns why a driver would ignore this process's commands because of keys; nil if it would not.
func (o *Orchestrator) ignoresCommands(d *fleet.Driver) error {
	theirs := d.Heartbeat.KeyRing
	switch {
	case theirs == 0:
		return nil
	case o.config.Keys == nil:
		return errors.New("it accepts only signed commands: give --fleet-keys FILE and --sign-key FILE")
	case o.config.Keys.Signer() == nil:
		return errors.New("it accepts only signed commands: this process has no key in the ring (--sign-key FILE)")
	}
	return nil
}

func (o *Orchestrator) ignoring(drivers []string) (list []Refusal) {
	o.View(func(s *fleet.State) {
		for _, id := range drivers {
			if why := o.ignoresCommands(s.Driver(id)); why != nil {
				list = append(list, Refusal{NodeID: id, Reason: why.Error()})
			}
		}
	})
	return list
}

// outdated describes a driver's different ring version; "": it has the same, or none.
func (o *Orchestrator) outdated(d *fleet.Driver) string {
	if d == nil || d.Heartbeat.KeyRing == 0 || o.config.Keys == nil || d.Heartbeat.KeyRing == o.config.Keys.Version() {
		return ""
	}
	return fmt.Sprintf("; it has version %d of the key ring, this process %d", d.Heartbeat.KeyRing, o.config.Keys.Version())
}

// eligible reports whether a driver may be selected without being named: with fleet keys, unsigned heartbeats
// may be forged.
func (o *Orchestrator) eligible(d *fleet.Driver) bool {
	return o.config.Keys == nil || d.Heartbeat.SignedBy() != nil
}

// maxUnsignedReported limits how many reported drivers are remembered.
const maxUnsignedReported = 1000

// noteUnsigned reports each driver without a key once, if this process has keys.
func (o *Orchestrator) noteUnsigned(m node.Message, at time.Time) {
	h, ok := m.(*node.Heartbeat)
	if !ok || o.config.Keys == nil || h.SignedBy() != nil || o.unsigned[h.NodeID] || len(o.unsigned) == maxUnsignedReported {
		return
	}
	if o.unsigned == nil {
		o.unsigned = map[string]bool{}
	}
	o.unsigned[h.NodeID] = true
	o.state.AddEvent(fleet.Event{At: at, Kind: fleet.EventNote, NodeID: h.NodeID, Text: h.NodeID + " is UNSIGNED: no fleet key vouches for it, so it takes part in runs only if it is named"})
}

// noteMixed reports a run's drivers without a key, if this process has keys.
func (o *Orchestrator) noteMixed(testID string, drivers []string) {
	if o.config.Keys == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var unsigned []string
	for _, id := range drivers {
		if d := o.state.Driver(id); d != nil && d.Heartbeat.SignedBy() == nil {
			unsigned = append(unsigned, id)
		}
	}
	if len(unsigned) > 0 {
		text := fmt.Sprintf("no fleet key vouches for %s: UNSIGNED figures are in this run, and its configuration is not encrypted", strings.Join(unsigned, ", "))
		o.state.AddEvent(fleet.Event{At: o.Now(), Kind: fleet.EventNote, TestID: testID, Text: node.Clean(text, 400)})
		o.signal()
	}
}

// noteRing reports that another version of the ring is in force.
func (o *Orchestrator) noteRing() {
	if o.config.Keys == nil {
		return
	}
	before, now := o.ring, o.config.Keys.Version()
	if o.ring = now; before != 0 && now != before {
		o.state.AddEvent(fleet.Event{At: o.Now(), Kind: fleet.EventNote, Text: fmt.Sprintf("version %d of the key ring is in force, after version %d", now, before)})
	}
}

// refusalLog counts refused records: the first of a kind is an event at once, all others together are one
// event every ten seconds, so that a flood causes few events.
type refusalLog struct {
	kinds  map[refusalKind]bool // reported kinds
	newest time.Time            // broker's clock, of the newest event
	more   int                  // since then
	last   string               // the newest of those, described
}

type refusalKind struct {
	topic      node.Topic
	by, remedy string
}

const (
	maxRefusalKinds = 64
	retellRefusals  = 10 * time.Second
)

// add counts a refused record and reports whether it is an event by itself.
func (l *refusalLog) add(topic node.Topic, e *node.RefusedError, now time.Time) bool {
	kind := refusalKind{topic, e.By, e.Remedy}
	if l.kinds[kind] || len(l.kinds) == maxRefusalKinds {
		l.more++
		l.last = e.Error()
		return false
	}
	if l.kinds == nil {
		l.kinds = map[refusalKind]bool{}
	}
	l.kinds[kind], l.newest = true, now
	return true
}

// due describes the further refused records if the last event was a while ago; "": none, or too early.
func (l *refusalLog) due(now time.Time) string {
	passed := now.Sub(l.newest)
	if l.more == 0 || passed < retellRefusals {
		return ""
	}
	text := fmt.Sprintf("refused %d more in %.0f s; the last: %s", l.more, passed.Seconds(), l.last)
	l.newest, l.more = now, 0
	return text
}

// refused reports a refused record. Those from before the start of this process are not reported.
func (o *Orchestrator) refused(r node.Record) {
	var e *node.RefusedError
	if !o.caughtUp || !errors.As(r.Refused, &e) || !o.refusalLog.add(r.Topic, e, r.Appended) {
		return
	}
	event := fleet.Event{At: r.Appended, Kind: fleet.EventRefused, By: e.By, Text: node.Clean("refused: "+e.Error(), 400)}
	switch r.Topic {
	case node.TopicRegister, node.TopicHeartbeat, node.TopicMetrics:
		event.NodeID = node.Clean(r.Key, 64)
	case node.TopicKeys:
	default:
		event.TestID = node.Clean(r.Key, 64)
	}
	o.state.AddEvent(event)
}

// reportMoreRefused reports how many more records were refused.
func (o *Orchestrator) reportMoreRefused() {
	if text := o.refusalLog.due(o.state.Now()); text != "" {
		o.state.AddEvent(fleet.Event{Kind: fleet.EventRefused, Text: node.Clean(text, 400)})
	}
}
