package fleet

import (
	"fmt"
	"time"

	"landfall/node"
)

// rival is a process that calls itself like another one that is heard as well.
type rival struct {
	beat  node.Heartbeat
	seen  time.Time
	since time.Time
	beats int
	told  bool
}

// rivalBeats is the number of heartbeats after which two processes of one name are reported, if the known one was still heard a
// second after the other started: otherwise the other is its successor.
const rivalBeats = 3

// replaceable tells whether another process of a driver's name is its successor: it is not heard itself.
func (d *Driver) replaceable(at time.Time) bool {
	return d.SeenAt.IsZero() || d.Liveness != Alive || at.Sub(d.SeenAt) >= LateAfter
}

// contend notes a heartbeat of another process than the one that is heard under that name. It changes nothing until the
// other one is silent: otherwise anyone who can write heartbeats could take a driver out of its run.
func (s *State) contend(d *Driver, m *node.Heartbeat, at time.Time) {
	switch r := d.rival; {
	case m.State == node.Gone:
		if r != nil && r.beat.BootID == m.BootID {
			d.rival = nil
		}
	case r == nil || r.beat.BootID != m.BootID:
		d.rival = &rival{beat: *m, seen: at, since: at, beats: 1}
	case m.Seq > r.beat.Seq:
		r.beat, r.seen = *m, at
		r.beats++
		if !r.told && r.beats >= rivalBeats && d.SeenAt.Sub(r.since) >= time.Second {
			r.told = true
			s.tell(s.carriedBy(d.NodeID), Event{At: at, Kind: EventNote, NodeID: d.NodeID, Text: fmt.Sprintf("two drivers are named %s: give each its own --name", d.NodeID)})
		}
	}
}

// succeed lets a rival take a driver's place that fell silent.
func (s *State) succeed(d *Driver, now time.Time) bool {
	r := d.rival
	if r == nil || now.Sub(d.SeenAt) < LateAfter || now.Sub(r.seen) >= LateAfter {
		return false
	}
	s.hear(d, &r.beat, r.seen)
	return true
}
