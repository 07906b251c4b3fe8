package specfile

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

const scenarioFile = `
target: http://shop.example
kind: avalanche
users: 20
pace: 10s
duration: 1m
cookies: true
variables: {currency: EUR}
scenarios:
  - name: buyer
    weight: 3
    steps:
      - name: login
        post: /login
        json: {user: "{{currency}} \"x\"", n: 12, pi: 3.10, yes: true, none: null, list: [a, {b: []}]}
        extract:
          token: {json: $.token}
          csrf: {regex: 'name="csrf" value="([^"]+)"', group: 0, pick: last}
          where: {header: Location, default: ""}
        checks:
          - status: 200
          - {name: has a name, json: $.user.name, exists: true}
          - {body_contains: welcome, max_latency: 500ms}
      - think: 1s..3s
      - repeat: 3
        steps:
          - {name: item, get: "/items/{{int 1 500}}", headers: {Authorization: "Bearer {{token}}"}}
      - if: currency == "EUR"
        steps: [{post: /cart, form: {csrf: "{{csrf}}"}}]
        else:
          - get: /logout
      - choose:
          - {weight: 9, steps: [{get: /leave, auth: {basic: "a:b"}}]}
          - {}
`

func TestScenariosRoundTrip(t *testing.T) {
	spec, err := Parse("", []byte(scenarioFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := spec.WithDefaults().Validate(); err != nil {
		t.Fatal(err)
	}
	login := spec.Scenarios[0].Steps[0]
	var body map[string]any
	if err := json.Unmarshal(login.JSON, &body); err != nil || body["user"] != `{{currency}} "x"` || body["n"] != 12.0 || body["yes"] != true || len(body["list"].([]any)) != 2 {
		t.Errorf("%s, %v", login.JSON, err)
	}
	if e := login.Extract["csrf"]; *e.Group != 0 || e.Pick != "last" || *login.Extract["where"].Default != "" || login.Extract["token"].Default != nil {
		t.Errorf("%+v", login.Extract)
	}
	if c := login.Checks; c[0].Status != "200" || !*c[1].Exists || c[2].MaxLatency.Std() != 500*time.Millisecond {
		t.Errorf("%+v", c)
	}
	text, err := Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("", text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if !reflect.DeepEqual(spec, again) {
		t.Errorf("written as\n%s", text)
	}
}

func TestInvalidScenarios(t *testing.T) {
	for text, want := range map[string]string{
		"scenarios: [{name: a, stepz: []}]":                                   `1:23: unknown field "stepz" in scenarios[0]: did you mean steps?`,
		"scenarios: [{name: a, steps: [{gett: /}]}]":                          `unknown field "gett" in scenarios[0].steps[0]: did you mean get?`,
		"scenarios: [{name: a, steps: [{get: /, extract: {t: {jsn: $.a}}}]}]": "did you mean json?",
		"scenarios: [{name: a, steps: [{post: /, json: {<<: {a: 1}}}]}]":      "<< is not supported",
		"env: {A: b}": "unknown field",
	} {
		var at *field.FileError
		if _, err := Parse("", []byte(text)); !errors.As(err, &at) || !strings.Contains(err.Error(), want) || at.Line != 1 {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestErrorsNameTheStep(t *testing.T) {
	for text, want := range map[string]string{
		"[{get: /, post: /}]":               "scenarios[0].steps[0]: a step must have exactly one of",
		"[{get: /}, {think: 1s, name: x}]":  "scenarios[0].steps[1]: only requests have",
		"[{}]":                              "scenarios[0].steps[0]: a step must have exactly one of",
		"[{repeat: 3}]":                     "repeat, while and if need steps",
		"[{repeat: -1, steps: [{get: /}]}]": "scenarios[0].steps[0].repeat -1",
		"[{get: /, steps: [{get: /}]}]":     "only group",
		"[{get: /, else: [{get: /}]}]":      "only if has else",
		"[{choose: [{weight: -1}]}]":        "scenarios[0].steps[0].choose[0].weight -1",
		"[]":                                "at least one step",
	} {
		spec, err := Parse("", []byte("target: http://h.example\nkind: avalanche\nusers: 1\nduration: 1s\nscenarios: [{name: a, steps: "+text+"}]"))
		if err != nil {
			t.Fatal(text, err)
		}
		if err := spec.WithDefaults().Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for more, want := range map[string]string{
		"users: 0": "users 0", "users: 1\npace: -1s": "pace", "requests: [{name: a}]": "not both", "body: x": "set it in a step",
		"stages: [{duration: 1s, rate: 5}]": "", "rate: 5\npace: 1s": "only an avalanche has a pace",
	} {
		text := "target: http://h.example\nduration: 1s\nscenarios: [{name: a, steps: [{get: /}]}]\n" + more
		spec, err := Parse("", []byte(text))
		if err != nil {
			t.Fatal(text, err)
		}
		if err := spec.WithDefaults().Validate(); want == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", more, err)
		}
	}
	for more, want := range map[string]string{"users: 5": "in a spec with scenarios only", "stages: [{duration: 1s, users: 5}]": "stages[0].users"} {
		spec, _ := Parse("", []byte("target: http://h.example\nduration: 1s\n"+more))
		if err := (loadgen.Spec).Validate(spec.WithDefaults()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", more, err)
		}
	}
}
