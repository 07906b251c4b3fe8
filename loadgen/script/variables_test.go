package script

import (
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestCheckName(t *testing.T) {
	for name, want := range map[string]string{
		"a": "", "_x9": "", strings.Repeat("a", maxVariableName): "", strings.Repeat("a", maxVariableName+1): "up to 64", "": "up to 64", "9a": "does not start with a digit", "a-b": "letters, digits and underscores", "é": "letters",
		"uuid": "name of a function", "raw": "name of a function", "latency": "keyword of expressions", "startsWith": "keyword of expressions",
	} {
		switch err := checkName("variables", name); {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

func TestConstants(t *testing.T) {
	resolve := constants(&loadgen.Spec{Env: map[string]string{"A": "1"}, Secrets: map[string]string{"A": "2", "EMPTY": ""}}, "n1")
	for name, want := range map[string]string{"node": "n1", "env.A": "1", "secret.A": "2", "secret.EMPTY": ""} {
		if got, ok, err := resolve(name); got != want || !ok || err != nil {
			t.Errorf("%s: %q, %v, %v, want %q", name, got, ok, err, want)
		}
	}
	if _, ok, err := resolve("env.B"); ok || err == nil || !strings.Contains(err.Error(), "env.B is not set: use -e B=value") {
		t.Errorf("env.B: %v, %v", ok, err)
	}
	if _, ok, err := resolve("user"); ok || err != nil {
		t.Errorf("user is a constant: %v, %v", ok, err)
	}
}

// Variables cannot use each other, and a step cannot use one that only a later step sets.
func TestVariablesMustBeSetBefore(t *testing.T) {
	spec := scenarioSpec(loadgen.Step{Get: "/{{currency}}"})
	spec.Variables["other"] = "{{currency}}"
	if _, err := Compile(spec, Options{}); err == nil || !strings.Contains(err.Error(), "variables.other") || !strings.Contains(err.Error(), "no earlier step sets the variable currency") {
		t.Errorf("%v", err)
	}
	extract := map[string]loadgen.Extract{"token": {JSON: "$.t"}}
	if _, err := Compile(scenarioSpec(loadgen.Step{Get: "/{{token}}"}, loadgen.Step{Get: "/", Extract: extract}), Options{}); err == nil {
		t.Error("a variable of a later step was accepted")
	}
	if _, err := Compile(scenarioSpec(loadgen.Step{Get: "/", Extract: extract}, loadgen.Step{Get: "/{{token}}"}), Options{}); err != nil {
		t.Error(err)
	}
}
