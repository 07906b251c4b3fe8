package fleet

import "testing"

func TestSeverity(t *testing.T) {
	for kind, want := range map[EventKind]Severity{
		EventLost: SeverityBad, EventLate: SeverityWarning, EventPaused: SeverityChange, EventStarted: SeverityGood, EventLeft: SeverityNote, "of tomorrow": SeverityNote,
	} {
		if got := kind.Severity(); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
	for kind := range severities {
		if kind.Routine() && kind.Severity() != SeverityGood {
			t.Errorf("%s is routine and yet %s", kind, kind.Severity())
		}
	}
}
