package sample

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/tuitest"
)

// eventAt returns an event of a driver at second n.
func eventAt(n int, id string) fleet.Event {
	return fleet.Event{At: tuitest.Start.Add(time.Duration(n) * time.Second), Kind: fleet.EventNote, NodeID: id, Text: fmt.Sprint("e", n)}
}

// texts returns the texts of events.
func texts(list []fleet.Event) (all []string) {
	for _, e := range list {
		all = append(all, e.Text)
	}
	return all
}

// withEvents returns a state with the events of n drivers that registered one per second, and the texts of the events.
func withEvents(t *testing.T, n int) *fleet.State {
	t.Helper()
	s := fleet.New()
	for i := range n {
		at := tuitest.Start.Add(time.Duration(i) * time.Minute) // too far apart to be grouped
		id := fmt.Sprintf("d%d", i)
		for _, m := range []node.Message{&node.Register{NodeID: id, BootID: "b", Host: "h"}, &node.Heartbeat{NodeID: id, BootID: "b", Seq: 1, State: node.Idle}} {
			if err := s.Apply(m, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(s.Events()) != n {
		t.Fatalf("%d events, want %d: %q", len(s.Events()), n, texts(s.Events()))
	}
	return s
}

func TestEventsInView(t *testing.T) {
	state := withEvents(t, 10)
	ids := func(s *Sample) (list []string) {
		for _, e := range s.Events {
			list = append(list, e.NodeID)
		}
		return list
	}
	for name, c := range map[string]struct {
		query      EventQuery
		want       []string
		above      int
		chosen     string
		matched, n int
	}{
		"the newest":          {EventQuery{Fit: 3}, []string{"d7", "d8", "d9"}, 0, "d9", 10, 10},
		"scrolled":            {EventQuery{Fit: 3, Above: 2, Chosen: 3}, []string{"d5", "d6", "d7"}, 2, "d6", 10, 10},
		"down to the chosen":  {EventQuery{Fit: 3, Above: 5, Chosen: 1}, []string{"d6", "d7", "d8"}, 1, "d8", 10, 10},
		"up to the chosen":    {EventQuery{Fit: 3, Chosen: 5}, []string{"d4", "d5", "d6"}, 3, "d4", 10, 10},
		"beyond the oldest":   {EventQuery{Fit: 3, Above: 99, Chosen: 99}, []string{"d0", "d1", "d2"}, 7, "d0", 10, 10},
		"more room than that": {EventQuery{Fit: 30, Above: 5}, []string{"d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9"}, 0, "d9", 10, 10},
		"filtered":            {EventQuery{Fit: 3, Words: "driver=d4"}, []string{"d4"}, 0, "d4", 1, 1},
		"nothing matches":     {EventQuery{Fit: 3, Words: "nowhere"}, nil, 0, "", 0, 0},
	} {
		var s Sample
		s.takeEvents(state, c.query)
		if got := ids(&s); !slices.Equal(got, c.want) || s.EventAbove != c.above || s.Event.NodeID != c.chosen {
			t.Errorf("%s: %v, %d above, chosen %q; want %v, %d, %q", name, got, s.EventAbove, s.Event.NodeID, c.want, c.above, c.chosen)
		}
		if s.EventTotal != 10 || s.EventMatched != c.matched || s.EventCount != c.n {
			t.Errorf("%s: %d, of which match %d in %d rows; want 10, %d in %d", name, s.EventTotal, s.EventMatched, s.EventCount, c.matched, c.n)
		}
	}
}

// The selected event stays selected when newer ones arrive.
func TestChosenEventIsFoundAgain(t *testing.T) {
	all := []fleet.Event{eventAt(1, "a"), eventAt(2, "b"), eventAt(2, "c")}
	chosen := all[1]
	chosen.Text = "2 drivers" // more have joined its group since
	if at := chosenEvent(append(all, eventAt(4, "d")), EventQuery{Chosen: 1, ChosenIs: &chosen}); at != 2 {
		t.Errorf("selected %d, want 2", at)
	}
	if at := chosenEvent(append(all, eventAt(4, "d")), EventQuery{Chosen: 0, ChosenIs: &chosen}); at != 0 {
		t.Errorf("selected %d, want the newest", at)
	}
	gone := eventAt(9, "x")
	if at := chosenEvent(all, EventQuery{Chosen: 7, ChosenIs: &gone}); at != 2 {
		t.Errorf("selected %d, want the oldest instead of one that is gone", at)
	}
}

func TestMatchesEvent(t *testing.T) {
	e := fleet.Event{Kind: fleet.EventLost, NodeID: "drv-1", TestID: "t-9", By: "ann@ops", Text: "drv-1 was lost: no heartbeat"}
	for words, want := range map[Words]bool{
		"": true, "LOST": true, "heartbeat ann": true, "!joined": true, "driver=drv-1": true, "run=t-9 lost": true,
		"joined": false, "!lost": false, "driver=drv": false, "run=t": false, "host=drv-1": false,
	} {
		if got := MatchesEvent(words, e); got != want {
			t.Errorf("%q: %v", words, got)
		}
	}
}

// The console's own events, which no record contains, are merged in by time, as far as the fleet's events go back.
func TestOwnEventsAreMerged(t *testing.T) {
	all := []fleet.Event{eventAt(10, "a"), eventAt(20, "b")}
	own := []fleet.Event{eventAt(5, ""), eventAt(15, ""), eventAt(20, ""), eventAt(30, "")}
	if got := texts(withOwn(all, own)); !slices.Equal(got, []string{"e10", "e15", "e20", "e20", "e30"}) {
		t.Errorf("%q", got)
	}
	if got := withOwn(all, own); got[2].NodeID != "b" {
		t.Errorf("its own event at the same time is first: %+v", got[2:4])
	}
	if len(all) != 2 || all[1].NodeID != "b" {
		t.Errorf("the fleet's events were changed: %+v", all)
	}
	if got := texts(withOwn(nil, own)); len(got) != 4 {
		t.Errorf("%q", got)
	}
}

// A driver's events are its own and those of whole runs in which it has a share, but not those of other drivers.
func TestEventsOfADriver(t *testing.T) {
	state := withEvents(t, 3)
	at := tuitest.Start.Add(time.Hour)
	spec := loadgen.Spec{Target: "http://127.0.0.1/", Connections: 1, Duration: loadgen.Duration(time.Second)}.WithDefaults()
	plan := &node.Plan{UntilUS: 1e6, Shares: []node.NodeShare{{NodeID: "d1", Connections: 1}}}
	for _, m := range []node.Message{&node.Config{TestID: "t-1", Spec: spec, Drivers: []string{"d1"}},
		&node.Trigger{ID: "x", Action: node.Start, TestID: "t-1", Conductor: "o", Epoch: 1, T0US: at.UnixMicro(), Plan: plan}} {
		if err := state.Apply(m, at); err != nil {
			t.Fatal(err)
		}
	}
	state.CaughtUp()
	state.Tick(at)
	state.Tick(at.Add(fleet.LostAfter + time.Second)) // the run reports that d1 is lost, too
	for id, want := range map[string][]fleet.EventKind{"d0": {fleet.EventJoined, fleet.EventLost}, "d1": {fleet.EventJoined, fleet.EventStarted, fleet.EventLost}, "none": nil} {
		var got []fleet.EventKind
		for _, e := range EventsOf(state, id) {
			got = append(got, e.Kind)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
