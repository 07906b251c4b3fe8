package driver

import (
	"log/slog"
	"time"

	"landfall/node"
)

// maxArmed limits the configurations of one minute that are answered: each takes an engine's memory.
const maxArmed = 32

// armed is a configuration that names this driver, and its answer.
type armed struct {
	config    *node.Config
	answer    node.Answer
	at        time.Time // this process's clock
	preparing bool      // not answered yet
	ready     bool      // its engine is prepared, and not used yet
	used      bool      // started, refused or stopped
}

// heldStart is a start whose configuration has not been answered yet: topics are read concurrently.
type heldStart struct {
	trigger  *node.Trigger
	appended time.Time
	at       time.Time // this process's clock
}

// configure answers a configuration: at once if the driver refuses, otherwise when an engine is prepared.
func (m *machine) configure(c *node.Config, now instant) {
	if m.armed[c.TestID] != nil || len(m.armed) >= maxArmed {
		return
	}
	a := &armed{config: c, answer: node.Answer{TestID: c.TestID}, at: now.local}
	m.armed[c.TestID] = a
	switch {
	case m.leaving || !m.killedAt.IsZero():
		a.answer.Refuse = "the driver is shutting down"
	case m.namesake != "":
		a.answer.Refuse = "another driver took its name (" + m.namesake + "): give each driver its own --name"
	default:
		a.preparing = true
		m.do(prepare{c})
	}
}

// prepared records that an engine was prepared for a configuration, or why not.
func (m *machine) prepared(testID string, err error, now instant) []effect {
	refuse := ""
	if err != nil {
		refuse = node.Clean(err.Error(), 240)
	}
	if r := m.run; r != nil && r.testID == testID {
		m.preparedAgain(r, refuse, now)
		return m.flush()
	}
	a := m.armed[testID]
	if a == nil || a.used { // stopped, or expired meanwhile
		m.do(discard{testID})
		return m.flush()
	}
	a.answer.Refuse, a.preparing, a.ready = refuse, false, err == nil
	m.say(slog.LevelInfo, "answered a configuration", "run", testID, "by", a.config.By, "refused", refuse)
	if h := m.held; h != nil && h.trigger.TestID == testID {
		m.held = nil
		m.start(h.trigger, h.appended, now)
	}
	return m.flush()
}

// expireAnswers forgets configurations and starts that have become irrelevant.
func (m *machine) expireAnswers(now instant) {
	for id, a := range m.armed {
		if now.local.Sub(a.at) > recently {
			m.release(a)
			delete(m.armed, id)
		}
	}
	if h := m.held; h != nil && now.local.Sub(h.at) > node.StartValidity*time.Second {
		m.held = nil
	}
}

// release discards the engine that was prepared for a configuration.
func (m *machine) release(a *armed) {
	if a.ready {
		a.ready = false
		m.do(discard{a.answer.TestID})
	}
}

// disarm forgets a run that was stopped before this driver started it.
func (m *machine) disarm(testID string) {
	if m.held != nil && m.held.trigger.TestID == testID {
		m.held = nil
	}
	if a := m.armed[testID]; a != nil && !a.used {
		a.used = true
		m.release(a)
	}
}

// refuse answers a start that the driver does not execute.
func (m *machine) refuse(t *node.Trigger, now instant, why string) {
	a := m.armed[t.TestID]
	if a == nil {
		a = &armed{at: now.local}
		m.armed[t.TestID] = a
	}
	m.release(a)
	a.used, a.preparing = true, false
	a.answer = node.Answer{TestID: t.TestID, Refuse: why}
	m.say(slog.LevelWarn, "refused to start", "run", t.TestID, "by", t.By, "why", why)
}
