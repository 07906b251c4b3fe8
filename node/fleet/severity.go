package fleet

// Severity is how much an event matters to an operator, on every screen and in reports and the API.
type Severity string

// Severities, the worst first.
const (
	SeverityBad     Severity = "bad"     // something failed, or was killed
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

// Severity returns how much an event of this kind matters. Unknown kinds, of other versions, are notes.
func (k EventKind) Severity() Severity {
	if s, ok := severities[k]; ok {
		return s
	}
	return SeverityNote
}

// Routine reports whether every run has events of this kind.
func (k EventKind) Routine() bool { return k == EventJoined || k == EventStarted || k == EventFinished }
