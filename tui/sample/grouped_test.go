package sample

import (
	"landfall/node/fleet"
	"landfall/tui/tuitest"
	"testing"
)

// Drivers that join one after the other are one event.
func TestGrouped(t *testing.T) {
	at := tuitest.Start
	var all []fleet.Event
	for _, kind := range []fleet.EventKind{"joined", "joined", "joined", "joined", "joined", "started", "joined", "joined"} {
		all = append(all, fleet.Event{Kind: kind, At: at, NodeID: "d", Text: "one"})
	}
	if got := Grouped(all); len(got) != 4 || got[0].Text != "5 drivers joined" || got[1].Kind != fleet.EventStarted {
		t.Errorf("%v", got)
	}
}
