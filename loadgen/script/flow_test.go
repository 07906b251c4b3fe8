package script

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

func scenarioSpec(steps ...loadgen.Step) loadgen.Spec {
	return loadgen.Spec{
		Target: "http://Shop.example:8080/base/", Kind: loadgen.Avalanche, Users: 1, Count: 1, Headers: map[string]string{"X-All": "1"},
		Variables: map[string]string{"currency": "EUR", "nasty": "a/b &\"c\""}, Env: map[string]string{"HOST": "h"}, Secrets: map[string]string{"KEY": "s3"},
		CSV: "user,pw\nann,x y\n", Scenarios: []loadgen.Scenario{{Name: "a", Steps: steps}},
	}.WithDefaults()
}

func TestErrorsNameTheStep(t *testing.T) {
	text := func(s string) *string { return &s }
	one := 1
	get := loadgen.Step{Get: "/"}
	for want, steps := range map[string][]loadgen.Step{
		"scenarios[0].steps[0].get": {{Get: "/{{tokn}}", Extract: map[string]loadgen.Extract{"token": {JSON: "$.a"}}}},
		"did you mean currency?":    {{Get: "/{{curency}}"}},
		"scenarios[0].steps[1].if \"prise < 1\": no earlier step sets the variable prise: did you mean price?": {
			{Get: "/", Extract: map[string]loadgen.Extract{"price": {JSON: "$.a"}}}, {If: "prise < 1", Steps: []loadgen.Step{get}}},
		"placeholders may follow the host":                                  {{Get: "http://{{currency}}.example/"}},
		"PASS is not set: use -e PASS=value":                                {{Get: "/", Auth: &loadgen.Auth{Basic: "a:{{env.PASS}}"}}},
		"exactly one of json":                                               {{Get: "/", Extract: map[string]loadgen.Extract{"a": {JSON: "$.a", Header: "b"}}}},
		"scenarios[0].steps[0].extract.a.pick":                              {{Get: "/", Extract: map[string]loadgen.Extract{"a": {JSON: "$.a", Pick: "any"}}}},
		"number of a capture group of regex":                                {{Get: "/", Extract: map[string]loadgen.Extract{"a": {JSON: "$.a", Group: &one}}}},
		"is the name of a function":                                         {{Get: "/", Extract: map[string]loadgen.Extract{"uuid": {JSON: "$.a"}}}},
		"is a keyword of expressions":                                       {{Get: "/", Extract: map[string]loadgen.Extract{"status": {JSON: "$.a"}}}},
		"a variable name has":                                               {{Get: "/", Extract: map[string]loadgen.Extract{"a b": {JSON: "$.a"}}}},
		"must start with $":                                                 {{Get: "/", Extract: map[string]loadgen.Extract{"a": {JSON: "a"}}}},
		"scenarios[0].steps[0].checks[0].status":                            {{Get: "/", Checks: []loadgen.Check{{Status: "2x"}}}},
		"scenarios[0].steps[0].checks[0]: a check":                          {{Get: "/", Checks: []loadgen.Check{{}}}},
		"apply to json or header":                                           {{Get: "/", Checks: []loadgen.Check{{Equals: text("a")}}}},
		"cannot be combined with equals":                                    {{Get: "/", Checks: []loadgen.Check{{JSON: "$.a", Exists: new(bool), Contains: "x"}}}},
		"regular expression (RE2)":                                          {{Get: "/", Checks: []loadgen.Check{{BodyMatches: "("}}}},
		"a pause such as 2s":                                                {get, {Think: "3s..1s"}},
		"scenarios[0].steps[1].steps: a loop needs a request or think time": {get, {Repeat: 2, Steps: []loadgen.Step{{If: "1", Steps: []loadgen.Step{get}}}}},
		"scenarios[0].steps[0].steps: a loop needs a request or think time": {{While: "1", Steps: []loadgen.Step{{Think: "0s"}}}, get},
		"only the expr of a check can use body":                             {get, {While: "body contains 'a'", Steps: []loadgen.Step{get}}},
		"a scenario needs a request":                                        {{Think: "1s"}},
		"set only one of json, form":                                        {{Post: "/", JSON: json.RawMessage("1"), Body: "x"}},
		"is the name of another step":                                       {{Name: "a", Get: "/"}, {Name: "a", Get: "/"}},
		"set auth or the header Authorization":                              {{Get: "/", Headers: map[string]string{"authorization": "x"}, Auth: &loadgen.Auth{Bearer: "a"}}},
		"auth.basic: must be user:password":                                 {{Get: "/", Auth: &loadgen.Auth{Basic: "ann"}}},
		"must be basic (user:password) or bearer":                           {{Get: "/", Auth: &loadgen.Auth{}}},
		"is not a valid header name":                                        {{Get: "/", Headers: map[string]string{"a b": "x"}}},
		"remove this header":                                                {{Get: "/", Headers: map[string]string{"Transfer-Encoding": "chunked"}}},
	} {
		if _, err := Compile(scenarioSpec(steps...), Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func FuzzCompileScenario(f *testing.F) {
	f.Add("/items/{{int 1 5}}?{{currency}}", "currency == 'EUR'", "$.a", "1s..2s", `{"a": "{{nasty}}"}`)
	f.Fuzz(func(t *testing.T, url, condition, path, think, doc string) {
		if url == "" || condition == "" || think == "" || !json.Valid([]byte(doc)) {
			return
		}
		spec := scenarioSpec(loadgen.Step{Post: url, JSON: json.RawMessage(doc), Extract: map[string]loadgen.Extract{"x": {JSON: path}}},
			loadgen.Step{If: condition, Steps: []loadgen.Step{{Get: "/{{x}}"}}}, loadgen.Step{Think: think})
		s, err := Compile(spec, Options{})
		if err != nil {
			return
		}
		scope := &template.Scope{Random: rand.NewPCG(1, 2), Now: time.Now}
		s.Program.Reset(nil, 0, 0, scope)
		var filler Filler
		host, ok := filler.Host(s.Program, &s.Program.Messages[0], scope)
		if !ok {
			return
		}
		out, _ := filler.Append(nil, s.Program, &s.Program.Messages[0], scope, host, nil, Hop{})
		if line, _, _ := strings.Cut(string(out), "\r\n"); !strings.HasSuffix(line, " HTTP/1.1") || strings.Count(line, " ") != 2 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%q", line)
		}
	})
}
