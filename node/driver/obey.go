package driver

import (
	"fmt"
	"log/slog"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

const (
	// lateStart is how long after T0 a start is still executed.
	lateStart = 2 * time.Second
	// earlyStart limits how far ahead T0 may be.
	earlyStart = time.Minute
	// maxAhead limits how far a record's timestamp may be ahead of the broker's clock as this process knows
	// it.
	maxAhead = 2 * time.Second
)

// handleTrigger handles a record of the trigger topic.
func (m *machine) handleTrigger(t *node.Trigger, appended time.Time, now instant) {
	switch t.Action {
	case node.Kill:
		m.kill(t, now)
		return
	case node.Start:
		m.start(t, appended, now)
		return
	case node.Stop:
		m.disarm(t.TestID)
	}
	r := m.run
	if r == nil || r.testID != t.TestID || !r.helm.Accept(t) {
		return
	}
	switch t.Action {
	case node.Stop:
		m.say(slog.LevelInfo, "stops", "run", t.TestID, "by", t.By, "why", t.Reason)
		m.drain()
	case node.Adjust, node.Pause, node.Resume:
		m.replan(t, now)
	}
}

// kill ends the process. Without draining, requests in flight are cancelled, but the last snapshot and
// heartbeat are still sent.
func (m *machine) kill(t *node.Trigger, now instant) {
	if t.NodeID != m.nodeID || t.BootID != m.bootID {
		return
	}
	m.say(slog.LevelWarn, "received a kill command", "by", t.By, "drain", t.Drain)
	if t.Drain {
		m.leaving, m.note = true, "drained by "+t.By
		m.drain()
		return
	}
	m.killedAt, m.note = now.local, "killed by "+t.By
	m.stopIssuing(abort{})
}

// start starts a run, unless the record is late, repeated, or for another process with this name.
func (m *machine) start(t *node.Trigger, appended time.Time, now instant) {
	share, mine := t.Plan.Share(m.nodeID)
	if !mine || m.run != nil && m.run.testID == t.TestID {
		return
	}
	if boot := t.Plan.Boot(m.nodeID); boot != "" && boot != m.bootID {
		m.say(slog.LevelInfo, "another process with this name has the share", "run", t.TestID, "boot", boot)
		return
	}
	a := m.armed[t.TestID]
	if a != nil && a.used {
		return // stopped or refused before, or repeated
	}
	why := m.objection(t, appended, now)
	switch {
	case why != "":
		m.refuse(t, now, why)
	case a == nil || a.preparing:
		m.held = &heldStart{trigger: t, appended: appended, at: now.local}
	case a.answer.Refuse != "":
		m.refuse(t, now, a.answer.Refuse)
	default:
		m.begin(a, t, share, now)
	}
}

// objection returns why a start is refused, for reasons that do not depend on its configuration; "" if there is none.
func (m *machine) objection(t *node.Trigger, appended time.Time, now instant) string {
	age, late := now.broker.Sub(appended), now.broker.Sub(time.UnixMicro(t.T0US))
	switch {
	case age > node.StartValidity*time.Second:
		return fmt.Sprintf("the start is %.0f s old: at most %d s", age.Seconds(), node.StartValidity)
	case age < -maxAhead:
		return fmt.Sprintf("the start is stamped %.0f s in the future", -age.Seconds())
	case late > lateStart:
		return fmt.Sprintf("the start was read %.1f s after T0: at most %.0f s", late.Seconds(), lateStart.Seconds())
	case late < -earlyStart:
		return fmt.Sprintf("T0 is %.0f s ahead: at most %.0f s", -late.Seconds(), earlyStart.Seconds())
	case m.leaving || !m.killedAt.IsZero():
		return "the driver is shutting down"
	case m.run != nil && m.run.engine != noEngine:
		return fmt.Sprintf("busy with run %s (started by %s)", m.run.testID, m.run.by)
	}
	return ""
}

func (m *machine) begin(a *armed, t *node.Trigger, share loadgen.Share, now instant) {
	r := &assignment{
		testID: t.TestID, by: t.By, config: a.config, t0: now.at(time.UnixMicro(t.T0US)),
		planSeq: t.Plan.Seq, engine: running, share: m.limits.Clamp(share, a.config.Spec, len(a.config.Drivers)),
	}
	r.helm.Accept(t)
	a.used, a.ready = true, false
	m.run, m.note = r, ""
	m.say(slog.LevelInfo, "starts its share", "run", r.testID, "by", t.By, "target", loadgen.RedactURL(r.config.Spec.Target), "in", r.t0.Sub(now.local).Round(time.Millisecond))
	m.do(begin{r.testID, r.t0, r.share})
}

// replan executes the next plan. A driver without a share in it was declared lost: others have its share.
func (m *machine) replan(t *node.Trigger, now instant) {
	r := m.run
	if t.Plan.Seq <= r.planSeq || r.drained {
		return
	}
	share, mine := t.Plan.Share(m.nodeID)
	if boot := t.Plan.Boot(m.nodeID); !mine || boot != "" && boot != m.bootID {
		m.note = "share reassigned: " + t.By + " declared this driver lost"
		m.say(slog.LevelWarn, "stops its load", "run", r.testID, "why", m.note)
		m.drain()
		return
	}
	r.planSeq, r.paused = t.Plan.Seq, t.Action == node.Pause
	r.share = m.limits.Clamp(fromNow(share, now.local.Sub(r.t0)), r.config.Spec, len(r.config.Drivers))
	m.say(slog.LevelInfo, "takes over a plan", "run", r.testID, "plan", t.Plan.Seq, "by", t.By, "why", t.Reason)
	switch {
	case r.engine == running:
		m.do(adjust{r.remaining()})
	case r.engine == noEngine && !r.done():
		m.prepareAgain(r)
	}
}

// prepareAgain prepares another engine: the last one has finished its share, and the share has grown.
func (m *machine) prepareAgain(r *assignment) {
	r.engine = preparing
	m.do(prepare{r.config})
}

func (m *machine) preparedAgain(r *assignment, refuse string, now instant) {
	switch {
	case r.engine != preparing:
		m.do(discard{r.testID})
	case refuse != "":
		r.engine, r.drained, m.note = noEngine, true, refuse
		m.say(slog.LevelError, "cannot continue", "run", r.testID, "why", refuse)
		m.leaveRun(now)
	default:
		r.engine = running
		m.do(begin{r.testID, r.t0, r.remaining()})
	}
}

// engineDone records that the engine has finished; begun is how many requests all engines of the run have
// issued or dropped. The driver stays with the run for a while, in case it gets a lost driver's share.
func (m *machine) engineDone(begun int64, err error, now instant) []effect {
	r := m.run
	r.engine, r.begun = noEngine, begun
	if err != nil {
		m.note = node.Clean("its engine failed: "+err.Error(), 240)
		m.say(slog.LevelError, "its engine failed", "run", r.testID, "error", err)
		r.drained = true
	}
	ended := r.ended(now.local)
	r.leaves = now.local.Add(takeoverGrace)
	switch {
	case r.drained || ended:
		r.leaves = now.local
		m.leaveRun(now)
	case r.share.Quota > r.begun: // it grew while the engine was finishing
		m.prepareAgain(r)
	}
	return m.flush()
}
