package sample

import (
	"fmt"
	"testing"

	"landfall/node/fleet"
	"landfall/tui/tuitest"
)

// Events of one kind of several drivers, one after the other, are grouped; several events of one driver are not.
func TestGrouped(t *testing.T) {
	var all []fleet.Event
	for i, kind := range []fleet.EventKind{"joined", "joined", "joined", "joined", "joined", "started", "joined", "joined", "back", "back", "back", "back"} {
		all = append(all, fleet.Event{Kind: kind, At: tuitest.Start, NodeID: fmt.Sprint("d", i), Text: "one"})
	}
	var texts []string
	for _, e := range Grouped(all) {
		texts = append(texts, e.Text)
	}
	if got, want := fmt.Sprint(texts), "[5 drivers joined one one one 4 drivers are back]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for i := range all {
		all[i].NodeID = "d"
	}
	if got := Grouped(all); len(got) != len(all) {
		t.Errorf("events of one driver: %v", got)
	}
}
