package driver

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"landfall/node"
	"landfall/node/policy"
)

// instant is one moment on both clocks: this process's, which measures durations, and the broker's, which
// stamps records.
type instant struct{ local, broker time.Time }

// at returns the time on this process's clock at which the broker's shows t.
func (i instant) at(t time.Time) time.Time { return i.local.Add(t.Sub(i.broker)) }

// machine makes all decisions of a driver: it turns events into effects. It has no clock, network or
// goroutine, so the same events always give the same effects.
type machine struct {
	nodeID, bootID string
	limits         policy.Limits

	effects  []effect // of the event being handled
	reported status   // last sent in a heartbeat

	confirmed    bool      // the registration was read back
	registeredAt time.Time // when it was last published
	namesake     string    // another process that registered under this name later; "": none
	armed        map[string]*armed
	held         *heldStart
	run          *assignment // nil: none
	contact      time.Time   // when the trigger topic was last read
	leaving      bool        // it exits when its share has drained
	killedAt     time.Time   // zero: not killed
	ended        bool
	note         string
	seen         recentIDs
}

func newMachine(nodeID, bootID string, limits policy.Limits) *machine {
	return &machine{nodeID: nodeID, bootID: bootID, limits: limits, armed: map[string]*armed{}, reported: status{state: node.Idle}}
}

// recently is how long configurations are answered: older ones can no longer be started.
const recently = time.Minute

// stopWithin is the time a killed driver has for its last snapshot and its last heartbeat.
const stopWithin = 2 * time.Second

// received handles a message appended at the given time of the broker's clock.
func (m *machine) received(msg node.Message, appended time.Time, now instant) []effect {
	switch msg := msg.(type) {
	case *node.Register:
		m.registered(msg)
	case *node.Config:
		if slices.Contains(msg.Drivers, m.nodeID) && now.broker.Sub(appended) < recently {
			m.configure(msg, now)
		}
	case *node.Trigger:
		if !m.seen.repeated(msg.ID) {
			m.handleTrigger(msg, appended, now)
		}
	}
	return m.flush()
}

// reached records that the trigger topic was read.
func (m *machine) reached(now instant) []effect {
	m.contact = now.local
	return m.flush()
}

// unregistered records that the topic may have lost the registration.
func (m *machine) unregistered() []effect {
	m.confirmed = false
	return m.flush()
}

// leave makes the driver exit once its share has drained.
func (m *machine) leave(why string) []effect {
	if m.killedAt.IsZero() {
		m.leaving, m.note = true, why
		m.drain()
	}
	return m.flush()
}

// tick handles the passage of time.
func (m *machine) tick(now instant) []effect {
	m.expireAnswers(now)
	m.register(now)
	m.leaveRun(now)
	m.checkOrphan(now)
	if !m.killedAt.IsZero() && now.local.Sub(m.killedAt) > stopWithin && !m.ended {
		m.ended = true
		m.do(end{killed: true, hard: true})
	}
	return m.flush()
}

func (m *machine) do(e effect) { m.effects = append(m.effects, e) }

func (m *machine) say(level slog.Level, text string, args ...any) { m.do(say{level, text, args}) }

// flush returns the effects of an event, with a heartbeat if the status has changed.
func (m *machine) flush() []effect {
	if s := m.status(); !s.equal(m.reported) {
		m.reported = s
		m.do(beat{s})
	}
	if !m.ended && m.run == nil && (m.leaving || !m.killedAt.IsZero()) {
		m.ended = true
		m.do(end{killed: !m.killedAt.IsZero()})
	}
	out := m.effects
	m.effects = nil
	return out
}

func (m *machine) status() status {
	s := status{note: m.note}
	s.state, s.testID, s.planSeq = m.state()
	for _, a := range m.armed {
		if !a.preparing {
			s.answers = append(s.answers, a.answer)
		}
	}
	slices.SortFunc(s.answers, func(a, b node.Answer) int { return strings.Compare(a.TestID, b.TestID) })
	return s
}

func (s status) equal(o status) bool {
	return s.state == o.state && s.testID == o.testID && s.planSeq == o.planSeq && s.note == o.note && slices.Equal(s.answers, o.answers)
}

func (m *machine) state() (node.DriverState, string, int) {
	r := m.run
	switch {
	case r != nil && r.engine == noEngine: // it only waits for a lost driver's share
	case r != nil && r.drained:
		return node.Draining, r.testID, r.planSeq
	case r != nil && r.paused:
		return node.Paused, r.testID, r.planSeq
	case r != nil:
		return node.Running, r.testID, r.planSeq
	case m.leaving || !m.killedAt.IsZero():
		return node.Draining, "", 0
	}
	for id, a := range m.armed {
		if a.answer.Refuse == "" && !a.used && !a.preparing {
			return node.Armed, id, 0
		}
	}
	return node.Idle, "", 0
}

// registerAgain is how long a registration may take to be read back before it is published again.
const registerAgain = 5 * time.Second

func (m *machine) register(now instant) {
	if !m.confirmed && (m.registeredAt.IsZero() || now.local.Sub(m.registeredAt) > registerAgain) {
		m.registeredAt = now.local
		m.do(register{})
	}
}

// registered handles a registration under this driver's name. If another process registered after this one,
// two processes share the name, and the younger one keeps it.
func (m *machine) registered(r *node.Register) {
	switch {
	case r.NodeID != m.nodeID:
	case r.BootID == m.bootID:
		m.confirmed = true
	case m.confirmed && m.namesake == "":
		m.namesake = fmt.Sprintf("process %d on %s", r.PID, r.Host)
		m.note = "another driver took its name: " + m.namesake
		m.say(slog.LevelWarn, "another driver took this name: no more runs are accepted; give each driver its own --name", "name", m.nodeID, "other", m.namesake)
	}
}

// leaveRun leaves a run in which the driver has nothing left to do.
func (m *machine) leaveRun(now instant) {
	if r := m.run; r != nil && r.engine == noEngine && (r.drained || !now.local.Before(r.leaves)) {
		m.run = nil
	}
}

func (m *machine) checkOrphan(now instant) {
	r := m.run
	if r == nil || r.drained {
		return
	}
	if silent := now.local.Sub(m.contact); silent > r.config.Spec.OrphanTimeout.Std() {
		m.note = fmt.Sprintf("orphaned: Kafka was unreachable for %.0fs, so the load could not have been stopped remotely", silent.Seconds())
		m.say(slog.LevelWarn, "stops its load", "run", r.testID, "why", m.note)
		m.drain()
	}
}

// drain stops issuing requests and waits for those in flight.
func (m *machine) drain() { m.stopIssuing(drain{}) }

func (m *machine) stopIssuing(how effect) {
	r := m.run
	if r == nil {
		return
	}
	r.drained = true
	switch r.engine {
	case running:
		m.do(how)
	case preparing:
		m.do(discard{r.testID})
		m.run = nil
	case noEngine:
		m.run = nil
	}
}
