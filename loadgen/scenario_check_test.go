package loadgen

import (
	"errors"
	"strings"
	"testing"
	"time"

	"landfall/loadgen/field"
)

func TestScenarioErrorsNameTheField(t *testing.T) {
	step := Step{Get: "/"}
	deep := []Step{step}
	for range maxNested + 1 {
		deep = []Step{{Group: "g", Steps: deep}}
	}
	for _, c := range []struct {
		field  string
		change func(*Spec)
	}{
		{"", func(*Spec) {}},
		{"requests", func(s *Spec) { s.Requests = []Request{{Name: "a"}} }},
		{"body", func(s *Spec) { s.Body, s.Method = "x", "GET" }},
		{"method", func(s *Spec) { s.Method = "PUT" }},
		{"scenarios", func(s *Spec) { s.NoKeepalive = true }},
		{"scenarios", func(s *Spec) { s.Scenarios = make([]Scenario, MaxScenarios+1) }},
		{"users", func(s *Spec) { s.Users = MaxUsers + 1 }},
		{"pace", func(s *Spec) { s.Pace = Duration(25 * time.Hour) }},
		{"finish", func(s *Spec) { s.Finish = 1 }},
		{"redirects", func(s *Spec) { s.Redirects = 21 }},
		{"scenarios[0].name", func(s *Spec) { s.Scenarios[0].Name = "" }},
		{"scenarios[1].name", func(s *Spec) { s.Scenarios = append(s.Scenarios, s.Scenarios[0]) }},
		{"scenarios[0].weight", func(s *Spec) { s.Scenarios[0].Weight = -1 }},
		{"scenarios[0].steps", func(s *Spec) { s.Scenarios[0].Steps = nil }},
		{"scenarios[0].steps[0]", func(s *Spec) { s.Scenarios[0].Steps = []Step{{}} }},
		{"scenarios[0].steps[0]", func(s *Spec) { s.Scenarios[0].Steps = []Step{{Get: "/", Think: "1s"}} }},
		{"scenarios[0].steps[0].repeat", func(s *Spec) { s.Scenarios[0].Steps = []Step{{Repeat: 1_000_001, Steps: []Step{step}}} }},
		{"scenarios[0].steps[0].limit", func(s *Spec) { s.Scenarios[0].Steps = []Step{{Get: "/", Limit: 2}} }},
		{"scenarios[0].steps[0].limit", func(s *Spec) { s.Scenarios[0].Steps = []Step{{Parallel: []Step{step}, Limit: maxLimit + 1}} }},
		{"scenarios[0].steps[0].parallel[1]", func(s *Spec) { s.Scenarios[0].Steps = []Step{{Parallel: []Step{step, {Think: "1s"}}}} }},
		{"scenarios[0].steps[0].choose[0].steps[0]", func(s *Spec) { s.Scenarios[0].Steps = []Step{{Choose: []Branch{{Steps: []Step{{}}}}}} }},
		{"scenarios[0].steps[0].multipart.f.body_base64", func(s *Spec) {
			s.Scenarios[0].Steps = []Step{{Post: "/", Multipart: map[string]Part{"f": {BodyBase64: "!"}}}}
		}},
		{"scenarios[0].steps" + strings.Repeat("[0].steps", maxNested+1), func(s *Spec) { s.Scenarios[0].Steps = deep }},
		{"scenarios[0].steps", func(s *Spec) {
			s.Scenarios[0].Steps = make([]Step, maxSteps+1)
			for i := range s.Scenarios[0].Steps {
				s.Scenarios[0].Steps[i] = step
			}
		}},
		{"setup[0]", func(s *Spec) { s.Setup = []Step{{}} }},
		{"teardown[0].group", func(s *Spec) { s.Teardown = []Step{{Group: strings.Repeat("g", 121), Steps: []Step{step}}} }},
		{"stages[0].rate", func(s *Spec) {
			s.Kind, s.Stages = Avalanche, []Stage{{Duration: Duration(time.Second), Users: 1, To: 5}}
		}},
	} {
		spec := Spec{Target: "http://127.0.0.1/", Users: 1, Count: 1, Scenarios: []Scenario{{Name: "a", Steps: []Step{step}}}}
		c.change(&spec)
		err := spec.WithDefaults().Validate()
		var wrong *field.Error
		switch {
		case c.field == "" && err != nil:
			t.Error(err)
		case c.field != "" && (!errors.As(err, &wrong) || wrong.Field != c.field):
			t.Errorf("%v, want %s", err, c.field)
		}
	}
}

func TestScenarioDefaults(t *testing.T) {
	scenarios := []Scenario{{Name: "a", Steps: []Step{{Get: "/"}}}}
	for _, c := range []struct {
		name               string
		spec               Spec
		users, connections int
	}{
		{"avalanche", Spec{Users: 7}, 7, 7}, {"tsunami", Spec{RateRPS: 5}, defaultUsers, defaultUsers}, {"shared connections", Spec{Users: 7, SharedConnections: true}, 7, 64},
		{"ramp", Spec{Stages: []Stage{{Duration: 1, Users: 3}, {Duration: 1, Users: 9}}}, 9, 9}, {"many users", Spec{Users: MaxUsers}, MaxUsers, MaxConnections},
	} {
		c.spec.Scenarios = scenarios
		s := c.spec.WithDefaults()
		if s.Users != c.users || s.Connections != c.connections || s.Finish.Std() != 30*time.Second {
			t.Errorf("%s: %d users, %d connections, finish %v", c.name, s.Users, s.Connections, s.Finish)
		}
	}
}

func TestCheckLabel(t *testing.T) {
	no, five := false, "5"
	for want, c := range map[string]Check{
		"logged in": {Name: "logged in", Status: "200"}, "status 2xx": {Status: "2xx"}, "$.a is 5": {JSON: "$.a", Equals: &five}, "header X is missing": {Header: "X", Exists: &no},
		"body contains x within 1s at most 9 bytes": {BodyContains: "x", MaxLatency: Duration(time.Second), MaxBytes: 9},
	} {
		if got := c.Label(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (Check{BodyContains: strings.Repeat("é", 100)}).Label(); len(got) > 120 || !strings.HasSuffix(got, "…") {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
