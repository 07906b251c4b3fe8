package tui

import (
	"testing"

	"landfall/tui/form"
)

// An avalanche between two tsunamis keeps the pace for the second one.
func TestPaceIsKept(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "down", "down", "down", "down", "ctrl+u", "777", "enter", "y", "A", "enter", "y", "T")
	if rate := m.top().(*composing).Value("rate"); rate != "777" {
		t.Errorf("rate %q", rate)
	}
}

// Fields are validated while they are typed, even after an invalid one, and accept the same notation as the command line.
func TestFieldsAreChecked(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "ctrl+u", "nonsense", "down", "G E T", "down", "down", "down", "x")
	f := m.top().(*composing)
	for _, field := range f.Fields {
		if wrong := field.Name == "target" || field.Name == "method" || field.Name == "rate"; wrong != (field.Err != nil) {
			t.Errorf("%s: %v", field.Name, field.Err)
		}
	}
	var d form.Draft
	if err := form.SetThresholds(&d, "p99 < 250ms, errors<1%"); err != nil || len(d.Spec.Thresholds) != 2 || d.Spec.Thresholds[0].Expr != "p99<250ms" {
		t.Errorf("%v %v", d.Spec.Thresholds, err)
	}
	if err := form.SetStages(&d, "10s:500 20s:500 1m:1k"); err != nil || len(d.Spec.Stages) != 3 {
		t.Errorf("%v %v", d.Spec.Stages, err)
	}
	if err := form.SetStages(&d, "10s:500, 1m 1k"); err != nil || len(d.Spec.Stages) != 2 || d.Spec.Stages[0].To != 500 {
		t.Errorf("%v %v", d.Spec.Stages, err)
	}
}

// Fields with few values are selected with left and right, options with space.
func TestChoices(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "down", "right", "right")
	f := m.top().(*composing)
	if f.Value("method") != "POST" || f.Draft.Spec.Method != "POST" {
		t.Errorf("method %q", f.Value("method"))
	}
	for f.Fields[f.At].Name != "options" {
		press(m, "down")
	}
	press(m, "right", " ", "right", "right", " ") // poisson is the first option, insecure the third
	if f.Value("options") != "poisson insecure" || f.Draft.Spec.Arrivals != "poisson" || !f.Draft.Spec.TLS.Insecure {
		t.Errorf("options %q", f.Value("options"))
	}
	m = inState(t, "idle", 200, 60)
	press(m, "T")
	f = m.top().(*composing)
	for f.Fields[f.At].Name != "options" {
		press(m, "down")
	}
	press(m, "right", " ", "right", "right", " ")
	contains(t, m, "[✓] poisson", "[ ] no-keepalive", "[✓] insecure")
	press(m, "left", "left", " ")
	if f.Value("options") != "insecure" {
		t.Errorf("options %q", f.Value("options"))
	}
	press(m, "down", "left")
	if f.Value("drivers") != "zone=eu-3" || f.Draft.Sel.Labels["zone"] != "eu-3" {
		t.Errorf("drivers %q", f.Value("drivers"))
	}
}
