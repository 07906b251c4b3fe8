package form

import (
	"errors"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/loadgen"
	"landfall/node/orchestrator"
	"landfall/tui/style"
)

// ready is a checker that accepts everything.
func ready(loadgen.Spec, orchestrator.Selection) (orchestrator.Forecast, error) {
	return orchestrator.Forecast{Drivers: []string{"a"}}, nil
}

// The confirmation before a run lists everything that would be sent and judged, even if no form is visible.
func TestAsks(t *testing.T) {
	f := New(loadgen.Tsunami, loadgen.Spec{Target: "http://shop.test/buy", Method: "POST", Body: "x=1", Headers: map[string]string{"Cookie": "a=1; b=2"}, RateRPS: 5,
		Duration: 1e9, Patience: 3e9, Thresholds: []loadgen.Threshold{{Expr: "p99<1s"}}}, "shop.yaml", "", nil)
	f.Refresh(ready)
	if f.Err != nil {
		t.Fatal(f.Err)
	}
	text := strings.Join(f.Asks(style.Must("none", false, termenv.Ascii)), "\n")
	for _, want := range []string{"Sends       POST http://shop.test/buy", "Headers     Cookie: a=1; b=2", "Body        x=1", "Passes if   p99<1s", "Also        patience 3s", "From        shop.yaml"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// An error names the field as the screen does.
func TestComplaint(t *testing.T) {
	f := New(loadgen.Tsunami, loadgen.Spec{Target: "http://shop.test/", RateRPS: 5, Duration: 1e9}, "", "", nil)
	for name, want := range map[string]string{"target": "URL \"nonsense\": must be a URL", "count_per_driver": `per driver "x": must be a whole number`} {
		f.Set(name, map[string]string{"target": "nonsense", "count_per_driver": "x"}[name])
		f.Refresh(ready)
		if got := f.Complaint(); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		f.SeekError()
		if f.AtHand() != name {
			t.Errorf("the field at hand is %s, want %s", f.AtHand(), name)
		}
		f.Set(name, map[string]string{"target": "http://shop.test/"}[name])
	}
	f.Refresh(func(loadgen.Spec, orchestrator.Selection) (orchestrator.Forecast, error) {
		return orchestrator.Forecast{}, errors.New("no driver is alive")
	})
	if got := f.Complaint(); got != "no driver is alive" {
		t.Errorf("%q", got)
	}
}

// Forget drops what has no field, and keeps what has one.
func TestForget(t *testing.T) {
	f := New(loadgen.Tsunami, loadgen.Spec{Target: "http://shop.test/", RateRPS: 5, Duration: 1e9, Patience: 3e9}, "shop.yaml", "", nil)
	f.Refresh(ready)
	f.Forget()
	f.Refresh(ready)
	if f.Draft.Spec.Patience != 0 || f.Draft.Spec.RateRPS != 5 || len(f.Extra) > 0 || f.From != "" {
		t.Errorf("%+v, extra %q, from %q", f.Draft.Spec, f.Extra, f.From)
	}
}

func TestNoun(t *testing.T) {
	for want, s := range map[string]loadgen.Spec{"Tsunami": {Kind: loadgen.Tsunami}, "Avalanche": {Kind: loadgen.Avalanche}, "capacity search": {Kind: loadgen.Tsunami, Capacity: &loadgen.Capacity{}}} {
		if got := New(s.Kind, s, "", "", nil).Noun(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if err := KnownKind(loadgen.Spec{Kind: "flood"}); err == nil {
		t.Error("an unknown kind is accepted")
	}
}

// With steps and requests that are dropped, thresholds on them are.
func TestForgetThresholds(t *testing.T) {
	spec := loadgen.Spec{Target: "http://shop.test/", Users: 3, Duration: 1e9, Scenarios: []loadgen.Scenario{{Name: "buyer", Steps: []loadgen.Step{{Name: "login", Post: "/login"}}}},
		Thresholds: []loadgen.Threshold{{Expr: "p99{step=login}<1s"}, {Expr: "failed<1%"}, {Expr: "checks>99%"}}}
	f := New(loadgen.Avalanche, spec, "shop.yaml", "", nil)
	f.Refresh(ready)
	f.Forget()
	f.Refresh(ready)
	if got := f.Value("thresholds"); got != "failed<1%" || f.Err != nil {
		t.Errorf("thresholds %q, %v", got, f.Err)
	}
}
