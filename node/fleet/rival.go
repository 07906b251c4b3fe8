package fleet

import (
	"fmt"
	"time"

	"landfall/node"
)

// rival is another process with the name of a driver that is still heard.
type rival struct {
	beat     node.Heartbeat
	seen     time.Time
	since    time.Time
	beats    int
	reported bool
}

// rivalBeats is the number of heartbeats after which two processes with one name are reported, if the known
// one was still heard a second after the other started: otherwise the other is its successor.
const rivalBeats = 3

// replaceable reports whether another process with a driver's name is its successor, because the driver has
// fallen silent.
func (d *Driver) replaceable(at time.Time) bool {
	return d.SeenAt.IsZero() || d.Liveness != Alive || at.Sub(d.SeenAt) >= LateAfter
}

// contend handles a heartbeat of another process with the name of a driver. It changes nothing until the
// driver falls silent: otherwise anyone who can write heartbeats could remove a driver from its run.
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
		if !r.reported && r.beats >= rivalBeats && d.SeenAt.Sub(r.since) >= time.Second {
			r.reported = true
			s.addEvent(s.carriedBy(d.NodeID), Event{At: at, Kind: EventNote, NodeID: d.NodeID, Text: fmt.Sprintf("two drivers are named %s: give each its own --name", d.NodeID)})
		}
	}
}

// succeed replaces a silent driver by its rival.
func (s *State) succeed(d *Driver, now time.Time) bool {
	r := d.rival
	if r == nil || now.Sub(d.SeenAt) < LateAfter || now.Sub(r.seen) >= LateAfter {
		return false
	}
	s.hear(d, &r.beat, r.seen)
	return true
}
