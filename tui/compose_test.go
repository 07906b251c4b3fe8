package tui

import (
	"strings"
	"testing"

	"landfall/tui/form"
	"landfall/tui/keys"
	"landfall/tui/tuitest"
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

// A form that is left unsent is kept with what was typed, for every key that opens one. It can be started anew.
func TestUnsentFormIsKept(t *testing.T) {
	for name, leave := range map[string][]string{"esc": {"esc"}, "a page": {"ctrl+t", "2", "1"}, "the quit dialog": {"ctrl+c", "esc"}, "another form": {"ctrl+t", "C", "esc"}} {
		m := inState(t, "idle", 120, 40)
		press(m, "T", "ctrl+u", "http://127.0.0.1:9/typed", "down", "down", "down", "down", "ctrl+u", "777")
		press(m, leave...)
		press(m, "T")
		f, is := m.top().(*composing)
		if !is || f.Value("target") != "http://127.0.0.1:9/typed" || f.Value("rate") != "777" {
			t.Fatalf("left by %s:\n%s", name, m.View())
		}
		contains(t, m, "as you left it", "ctrl+r")
		press(m, "esc", "C")
		if f := m.top().(*composing); f.Value("target") != "http://127.0.0.1:9/typed" {
			t.Errorf("left by %s: the search is of %s", name, f.Value("target"))
		}
		press(m, "esc", "T", "ctrl+r")
		if f := m.top().(*composing); f.Value("target") != "http://127.0.0.1:8080/ping" || f.Value("rate") != "1000" {
			t.Errorf("left by %s, started anew:\n%s", name, m.View())
		}
		press(m, "esc", "T")
		if f := m.top().(*composing); f.Value("rate") != "1000" || strings.Contains(m.View(), "as you left it") {
			t.Errorf("left by %s, started anew and opened again:\n%s", name, m.View())
		}
	}
}

// What was triggered is not kept as unsent.
func TestTriggeredFormIsNotKept(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "ctrl+u", "http://127.0.0.1:9/typed", "enter", "y", "T")
	if strings.Contains(m.View(), "as you left it") || len(m.compose.unsent) > 0 {
		t.Errorf("kept:\n%s", m.View())
	}
}

// The key that shows the spec hides it again.
func TestSpecIsHiddenByItsKey(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T", "ctrl+t", "ctrl+t")
	if m.scope() != keys.InForm {
		t.Errorf("%T is open", m.top())
	}
}

// No rate is assumed for scenarios, whose iterations have several requests.
func TestNoRateForScenarios(t *testing.T) {
	m := withSpec(t, usersOfShop)
	press(m, "enter", "y", "T")
	if f := m.top().(*composing); f.Value("rate") != "" || f.Err == nil {
		t.Errorf("rate %q, error %v:\n%s", f.Value("rate"), f.Err, m.View())
	}
	press(m, "enter")
	if m.scope() != keys.InForm {
		t.Errorf("enter opens %T", m.top())
	}
}

// Once the scenarios are dropped, the form no longer says that method and body are those of each step.
func TestDroppedScenarios(t *testing.T) {
	m := withSpec(t, usersOfShop)
	contains(t, m, "of each step")
	press(m, "ctrl+r")
	if strings.Contains(m.View(), "of each step") {
		t.Errorf("dropped:\n%s", m.View())
	}
}

const usersOfShop = `kind: avalanche
target: http://127.0.0.1:9
users: 60
duration: 5s
scenarios:
  - name: shop
    steps:
      - name: look
        get: /look
`

// A search has objectives, and none of the conditions and the name of the last run.
func TestSearchInheritsNoThresholds(t *testing.T) {
	m := withSpec(t, "kind: tsunami\nname: nightly\ntarget: http://127.0.0.1:9/\nrate: 10\nduration: 1s\nthresholds: [p99<250ms]\n")
	press(m, "enter", "y", "C")
	if strings.Contains(m.View(), "Thresholds") || strings.Contains(m.View(), "nightly") {
		t.Errorf("a search:\n%s", m.View())
	}
	press(m, "enter")
	contains(t, m, "Holds if    p99<250ms failed<0.1%")
	press(m, "y")
	if sent := m.conductor.(*tuitest.Conductor).Sent; len(sent.Thresholds) > 0 || sent.Name != "" {
		t.Errorf("sent %+v", sent)
	}
	press(m, "T")
	if f := m.top().(*composing); f.Value("thresholds") != "p99<250ms" || f.Value("name") != "nightly" {
		t.Errorf("a Tsunami after the search:\n%s", m.View())
	}
}

// The confirmation names everything that is sent and differs from the defaults.
func TestConfirmationIsComplete(t *testing.T) {
	m := withSpec(t, "kind: tsunami\ntarget: http://127.0.0.1:9/\nrate: 10\nduration: 1s\nno_keepalive: true\ntls: {insecure: true}\nexpect: {statuses: [200, 204]}\ntimeout: 3s\nconnections: 17\n")
	f := m.top().(*composing)
	f.Set("drivers", "zone=eu-1")
	f.reread(m)
	press(m, "enter")
	contains(t, m, "Options     no-keepalive insecure", "Expects     200,204", "Timeout     3s", "Connections 17 per driver", "Drivers     zone=eu-1")
}
