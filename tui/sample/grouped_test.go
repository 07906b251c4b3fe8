package sample

import (
	"fmt"
	"slices"
	"testing"
	"time"

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

// The events of drivers that are lost together are two, whatever order they have: who is lost, and who gets their shares. Shares given before
// events of another kind are not merged with these.
func TestGroupedLosses(t *testing.T) {
	at := tuitest.Start
	event := func(kind fleet.EventKind, id, text string) fleet.Event {
		at = at.Add(time.Second)
		return fleet.Event{Kind: kind, At: at, NodeID: id, Text: text}
	}
	share := func(of, to string) fleet.Event {
		return event(fleet.EventAdjusted, "", "the share of "+of+" goes to "+to)
	}
	var texts []string
	for _, e := range Grouped([]fleet.Event{
		share("drv-10", "9 others"), event(fleet.EventLost, "drv-10", "one"), event(fleet.EventLost, "drv-2", "one"), event(fleet.EventLost, "drv-3", "one"),
		share("drv-2, drv-3", "7 others"), event(fleet.EventLost, "drv-4", "one"), share("drv-4", "6 others"),
		event(fleet.EventStarted, "", "started"), share("drv-5", "5 others"), event(fleet.EventJoined, "drv-6", "one joined"),
	}) {
		texts = append(texts, e.Text)
	}
	want := []string{
		"4 drivers are lost: drv-2, drv-3, drv-4, drv-10", "their shares go to 6 others",
		"started", "the share of drv-5 goes to 5 others", "one joined",
	}
	if !slices.Equal(texts, want) {
		t.Errorf("%q, want %q", texts, want)
	}
}

// Refusals for the same reason are one event.
func TestGroupedRefusals(t *testing.T) {
	var all []fleet.Event
	for i := range 50 {
		id := fmt.Sprint("d", i)
		all = append(all, fleet.Event{Kind: fleet.EventRefused, At: tuitest.Start, NodeID: id, Text: id + " refuses: busy"})
	}
	if got := Grouped(all); len(got) != 1 || got[0].Text != "50 drivers refuse: busy" {
		t.Errorf("%v", got)
	}
}
