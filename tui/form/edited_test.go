package form

import (
	"testing"

	"landfall/loadgen"
)

// A form is edited once a field differs from what it was opened with, or its spec was written in an editor.
func TestEdited(t *testing.T) {
	f := New(loadgen.Tsunami, loadgen.Spec{Target: "http://127.0.0.1:9/", RateRPS: 5}, "", "", nil)
	if f.Edited() {
		t.Error("edited when it is opened")
	}
	f.Set("rate", "6")
	if !f.Edited() {
		t.Error("not edited after another rate")
	}
	f.Set("rate", "5")
	if f.Edited() {
		t.Error("edited after the rate it had")
	}
	if f.Rewritten(); !f.Edited() {
		t.Error("not edited after it was written in an editor")
	}
}

// A form takes what was typed into another one, and leaves its other fields as they are.
func TestTake(t *testing.T) {
	from := New(loadgen.Tsunami, loadgen.Spec{Target: "http://127.0.0.1:9/", RateRPS: 5, Connections: 3}, "", "", nil)
	from.Set("target", "http://127.0.0.1:9/typed")
	from.Set("rate", "7")
	f := New(loadgen.Avalanche, loadgen.Spec{Target: "http://127.0.0.1:9/", Connections: 8}, "", "", nil)
	f.Take(from)
	if f.Value("target") != "http://127.0.0.1:9/typed" || f.Value("connections") != "8" {
		t.Errorf("target %s, %s connections", f.Value("target"), f.Value("connections"))
	}
}
