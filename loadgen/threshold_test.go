package loadgen

import (
	"errors"
	"strings"
	"testing"
	"time"

	"landfall/loadgen/field"
)

// Thresholds with unknown requests or stages are errors before the run starts.
func TestThresholdsMatchTheSpec(t *testing.T) {
	spec := Spec{Target: "http://127.0.0.1/", Stages: []Stage{{Duration: Duration(time.Second), To: 10}}, Requests: []Request{{Name: "login", URL: "/a"}, {Name: "cart", URL: "/b"}}}
	for expr, want := range map[string]string{
		"p99<250ms":                     "",
		"failed{request=login}[10s]<1%": "",
		"p99{step=cart,stage=1}<1s":     "",
		"responses{status=5xx}==0":      "",
		"p99{label.site=eu}<1s":         "",
		"failed{request=logn}<1%":       `request "logn": the spec has no request with this name; did you mean "login"?`,
		"p99{step=checkout}<1s":         `step "checkout": the spec has no request with this name; the spec has login, cart`,
		"p99{stage=2}<1s":               "stage 2: the spec has 1",
		"speed<1":                       `there is no metric "speed"`,
		"p99<1kg":                       "needs a unit",
	} {
		spec.Thresholds = []Threshold{{Expr: expr}}
		err := spec.WithDefaults().Validate()
		var wrong *field.Error
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", expr, err)
		case want != "" && (!errors.As(err, &wrong) || wrong.Field != "thresholds" || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %q", expr, err, want)
		}
	}
}

// Each condition is checked against a spec without scenarios and one with scenarios.
func TestThresholdsOnScenarios(t *testing.T) {
	plain := Spec{Target: "http://127.0.0.1/", Duration: Duration(time.Second)}
	shop := plain
	shop.Users = 1
	shop.Scenarios = []Scenario{{Name: "browse", Steps: []Step{{Name: "home", Get: "/", Checks: []Check{{Name: "short", MaxBytes: 1}, {Status: "200"}}}}}}
	const noScenarios = "need a spec with scenarios"
	for expr, want := range map[string][2]string{
		"iteration.p95<2s":                  {noScenarios, ""},
		"checks>99%":                        {noScenarios, ""},
		"checks{check=short}[10s]>99%":      {noScenarios, ""},
		"checks{step=home}>99%":             {noScenarios, ""},
		"p99{scenario=browse}<1s":           {noScenarios, ""},
		"p99{scenario=buy}<1s":              {noScenarios, `scenario "buy"`},
		"checks{check=shrt}>99%":            {noScenarios, `check "shrt": the spec has no check with this name; did you mean "short"?`},
		"checks{check=status 200}>99%":      {noScenarios, ""},
		"p99{step=hom}<1s":                  {`no request with this name`, `did you mean "home"?`},
		"iteration.p95{scenario=browse}<2s": {noScenarios, "remove the label"},
		"service.p95{scenario=browse}<2s":   {noScenarios, "not recorded by scenario"},
		"checks{driver=a}>99%":              {noScenarios, "not by driver"},
	} {
		for i, spec := range []Spec{plain, shop} {
			spec.Thresholds = []Threshold{{Expr: expr}}
			err := spec.WithDefaults().Validate()
			if (err == nil) != (want[i] == "") || err != nil && !strings.Contains(err.Error(), want[i]) {
				t.Errorf("%s: %v, want %q", expr, err, want[i])
			}
		}
	}
}

func TestWarmupIsShorterThanTheRun(t *testing.T) {
	for warmup, ok := range map[time.Duration]bool{0: true, 3 * time.Second: true, 10 * time.Second: false, -time.Second: false, 1500 * time.Millisecond: false} {
		spec := Spec{Target: "http://127.0.0.1/", Duration: Duration(10 * time.Second), Warmup: Duration(warmup)}
		if err := spec.WithDefaults().Validate(); (err == nil) != ok {
			t.Errorf("%v: %v", warmup, err)
		}
	}
}
