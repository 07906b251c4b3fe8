package fleet

// Severity says how much an event matters to an operator. Every screen, report and API shows events by it.
type Severity string

// Severities, the worst first.
const (
	SeverityBad     Severity = "bad"     // something failed, or was ended by force
	SeverityWarning Severity = "warning" // something may fail
	SeverityChange  Severity = "change"  // an operator changed the run
	SeverityGood    Severity = "good"    // something went as planned
	SeverityNote    Severity = "note"
)

var severities = map[EventKind]Severity{
	EventLost: SeverityBad, EventRefused: SeverityBad, EventKilled: SeverityBad, EventThreshold: SeverityBad, EventTargetDown: SeverityBad,
	EventLate:    SeverityWarning,
	EventStopped: SeverityChange, EventPaused: SeverityChange, EventAdjusted: SeverityChange, EventResumed: SeverityChange, EventAdopted: SeverityChange,
	EventStarted: SeverityGood, EventFinished: SeverityGood, EventJoined: SeverityGood, EventBack: SeverityGood, EventTargetUp: SeverityGood,
}

// Severity is how much an event of this kind matters. Kinds that are not known, of another version, are notes.
func (k EventKind) Severity() Severity {
	if s, ok := severities[k]; ok {
		return s
	}
	return SeverityNote
}

// Routine tells whether every run has events of this kind.
func (k EventKind) Routine() bool { return k == EventJoined || k == EventStarted || k == EventFinished }
