package node

import "testing"

func TestHelm(t *testing.T) {
	var h Helm
	for i, step := range []struct {
		t    Trigger
		want bool
	}{
		{Trigger{Action: Adjust, Conductor: "a", Epoch: 1}, false},
		{Trigger{Action: Start, Conductor: "a", Epoch: 1}, true},
		{Trigger{Action: Start, Conductor: "b", Epoch: 1}, false},
		{Trigger{Action: Adjust, Conductor: "a", Epoch: 1}, true},
		{Trigger{Action: Adjust, Conductor: "b", Epoch: 1}, false},
		{Trigger{Action: Adopt, Conductor: "b", Epoch: 2}, true},
		{Trigger{Action: Adopt, Conductor: "c", Epoch: 2}, false},
		{Trigger{Action: Adjust, Conductor: "a", Epoch: 1}, false},
		{Trigger{Action: Pause, Conductor: "b", Epoch: 2}, true},
		{Trigger{Action: Stop, Conductor: "a", Epoch: 1}, true},
	} {
		if got := h.Accept(&step.t); got != step.want {
			t.Errorf("step %d, %s by %s: accepted %v, want %v", i, step.t.Action, step.t.Conductor, got, step.want)
		}
	}
}
