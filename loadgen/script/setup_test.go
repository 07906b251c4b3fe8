package script

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

func withSetup(steps []loadgen.Step, setup, teardown []loadgen.Step) loadgen.Spec {
	spec := scenarioSpec(steps...)
	spec.Setup, spec.Teardown = setup, teardown
	return spec
}

// Users have the variables that setup set. A spec can be checked before their values are known.
func TestSetupVariables(t *testing.T) {
	setup := []loadgen.Step{{Get: "/a", Extract: map[string]loadgen.Extract{"token": {JSON: "$.t"}}}, {Name: "a", Get: "/b?{{token}}"}}
	spec := withSetup([]loadgen.Step{{Name: "a", Get: "/{{token}}"}, {If: "token == 'x y'", Steps: []loadgen.Step{{Get: "/z"}}}}, setup, []loadgen.Step{{Delete: "/a/{{token}}"}})
	if err := Check(spec); err != nil {
		t.Fatal(err)
	}
	s, err := Compile(spec, Options{Setup: map[string]string{"token": "x y"}})
	if err != nil {
		t.Fatal(err)
	}
	scope := &template.Scope{Random: rand.NewPCG(1, 2), Now: time.Now}
	s.Program.Reset(nil, 0, 0, scope)
	if got := string(s.Program.Messages[0].path.Append(nil, scope)); got != "/x%20y" || len(s.Program.Messages) != 2 {
		t.Errorf("%q, %d messages", got, len(s.Program.Messages))
	}
}

func TestErrorsNameSetupAndTeardown(t *testing.T) {
	get := []loadgen.Step{{Get: "/"}}
	sets := []loadgen.Step{{Get: "/", Extract: map[string]loadgen.Extract{"token": {JSON: "$.t"}}}}
	for want, spec := range map[string]loadgen.Spec{
		"setup[0].get \"{{tokn}}\": no earlier step": withSetup(get, []loadgen.Step{{Get: "/{{tokn}}"}}, nil),
		"teardown[1].think":                          withSetup(get, nil, []loadgen.Step{{Get: "/"}, {Think: "x"}}),
		"did you mean token?":                        withSetup([]loadgen.Step{{Get: "/{{tokens}}"}}, sets, nil),
		"setup: a scenario needs a request":          withSetup(get, []loadgen.Step{{Think: "1s"}}, nil),
	} {
		if err := Check(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	spec := loadgen.Spec{Target: "http://h.example", Count: 1, Setup: sets}.WithDefaults()
	if err := spec.Validate(); err == nil || !strings.Contains(err.Error(), "setup: is supported in a spec with scenarios only") {
		t.Errorf("%v", err)
	}
}
