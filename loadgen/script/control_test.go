package script

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"landfall/loadgen"
)

// listing returns the operations of a scenario: kind and targets, without the end.
func listing(t *testing.T, steps ...loadgen.Step) string {
	t.Helper()
	names := [...]string{"send", "think", "count", "loop", "jump", "test", "pick", "enter", "leave", "fork", "join", "end"}
	var list []string
	for _, op := range compiledScript(t, scenarioSpec(steps...), Options{}).Program.Ops {
		text := names[op.Kind]
		switch op.Kind {
		case OpSend:
			text += fmt.Sprint(" ", op.Message)
		case OpCount:
			text += fmt.Sprint(" ", op.Times)
		case OpLoop, OpJump, OpTest:
			text += fmt.Sprint(" ", op.Target)
		case OpPick:
			text += fmt.Sprint(" ", op.Targets)
		case OpFork:
			text += fmt.Sprint(" ", op.Targets, " ", op.Times, " ", op.Target)
		case OpEnter, OpLeave:
			text += fmt.Sprint(" ", op.Group)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func TestControlFlow(t *testing.T) {
	get := []loadgen.Step{{Get: "/"}}
	for _, c := range []struct {
		step loadgen.Step
		want string
	}{
		{loadgen.Step{Repeat: 3, Steps: get}, "count 3, send 0, loop 1, end"},
		{loadgen.Step{While: "status == 200", Steps: get}, "test 3, send 0, jump 0, end"},
		{loadgen.Step{If: "status == 200", Steps: get}, "test 2, send 0, end"},
		{loadgen.Step{If: "status == 200", Steps: get, Else: get}, "test 3, send 0, jump 4, send 1, end"},
		{loadgen.Step{Choose: []loadgen.Branch{{Steps: get}, {Weight: 2, Steps: get}}}, "pick [1 3], send 0, jump 5, send 1, jump 5, end"},
		{loadgen.Step{Group: "g", Steps: []loadgen.Step{{Group: "h", Steps: get}, {Think: "1s"}}}, "enter 0, enter 1, send 0, leave 1, think, leave 0, end"},
		{loadgen.Step{Parallel: []loadgen.Step{{Get: "/a"}, {Get: "/b"}}}, "fork [1 3] 2 5, send 0, join, send 1, join, end"},
	} {
		if got := listing(t, c.step); got != c.want {
			t.Errorf("%+v:\n got %s\nwant %s", c.step, got, c.want)
		}
	}
}

// A loop must take time on each way through its steps, or it could run forever without a request.
func TestLoopsMustTakeTime(t *testing.T) {
	get, think, nothing := loadgen.Step{Get: "/"}, loadgen.Step{Think: "1ms"}, loadgen.Step{Think: "0s"}
	one := func(s loadgen.Step) []loadgen.Step { return []loadgen.Step{s} }
	for _, c := range []struct {
		step loadgen.Step
		want bool
	}{
		{get, true}, {think, true}, {nothing, false}, {loadgen.Step{Think: "x"}, false}, {loadgen.Step{Parallel: one(get)}, true},
		{loadgen.Step{Group: "g", Steps: one(nothing)}, false}, {loadgen.Step{Repeat: 2, Steps: one(get)}, true}, {loadgen.Step{While: "1", Steps: one(get)}, false},
		{loadgen.Step{If: "1", Steps: one(get)}, false}, {loadgen.Step{If: "1", Steps: one(get), Else: one(think)}, true},
		{loadgen.Step{Choose: []loadgen.Branch{{Steps: one(get)}, {Steps: one(think)}}}, true}, {loadgen.Step{Choose: []loadgen.Branch{{Steps: one(get)}, {}}}, false},
	} {
		if got := waits(one(c.step)); got != c.want {
			t.Errorf("%+v: %v", c.step, got)
		}
	}
}

func TestGroupsShareANameButDoNotNest(t *testing.T) {
	get := []loadgen.Step{{Get: "/"}}
	p := compiledScript(t, scenarioSpec(loadgen.Step{Group: "g", Steps: get}, loadgen.Step{Group: "h", Steps: get}, loadgen.Step{Group: "g", Steps: get}), Options{}).Program
	if !slices.Equal(p.Groups, []string{"g", "h"}) {
		t.Errorf("%q", p.Groups)
	}
	nested := scenarioSpec(loadgen.Step{Group: "g", Steps: []loadgen.Step{{Group: "g", Steps: get}}})
	if _, err := Compile(nested, Options{}); err == nil || !strings.Contains(err.Error(), "must not contain a group of the same name") {
		t.Errorf("%v", err)
	}
}

// Parallel requests do not see each other's variables; the steps after them see all.
func TestVariablesOfParallelRequests(t *testing.T) {
	sets := loadgen.Step{Get: "/a", Extract: map[string]loadgen.Extract{"token": {JSON: "$.t"}}}
	if _, err := Compile(scenarioSpec(loadgen.Step{Parallel: []loadgen.Step{sets, {Get: "/{{token}}"}}}), Options{}); err == nil {
		t.Error("a parallel request uses a value of its sibling")
	}
	if _, err := Compile(scenarioSpec(loadgen.Step{Parallel: []loadgen.Step{sets, {Get: "/b"}}}, loadgen.Step{Get: "/{{token}}"}), Options{}); err != nil {
		t.Error(err)
	}
}
