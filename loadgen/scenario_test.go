package loadgen

import (
	"slices"
	"testing"
)

// nested is a spec with a request at every place where steps can be.
func nested() Spec {
	get := func(name string) Step {
		return Step{Name: name, Get: "/" + name + "?secret=1", Checks: []Check{{Name: "check " + name}}}
	}
	return Spec{
		Target: "http://127.0.0.1/", Count: 1, Users: 1,
		Setup: []Step{get("setup")}, Teardown: []Step{get("teardown")},
		Scenarios: []Scenario{
			{Name: "a", Steps: []Step{
				get("plain"), {Think: "1s"}, {Group: "g", Steps: []Step{get("grouped"), {Group: "inner", Steps: []Step{get("deep")}}}},
				{If: "1", Steps: []Step{get("then")}, Else: []Step{get("else")}},
				{Choose: []Branch{{Steps: []Step{get("choice")}}, {Weight: 2}}}, {Parallel: []Step{get("left"), get("right")}, Limit: 3},
			}},
			{Name: "b", Steps: []Step{{Get: "/x?y"}, {Post: "/x"}, {Get: "/x"}, {Group: "g", Steps: []Step{{Parallel: make([]Step, 10)}}}}},
		},
	}
}

func TestNamesOfNestedSteps(t *testing.T) {
	spec := nested()
	a := []string{"plain", "grouped", "deep", "then", "else", "choice", "left", "right"}
	b := []string{"GET /x", "POST /x", "GET /x #2"}
	if got := spec.StepNames(); !slices.Equal(got, append(slices.Clone(a), b...)) {
		t.Errorf("requests %q", got)
	}
	if got := spec.StepsOf("b"); !slices.Equal(got, b) || spec.StepsOf("c") != nil {
		t.Errorf("requests of b: %q", got)
	}
	if got := spec.GroupNames(); !slices.Equal(got, []string{"g", "inner"}) {
		t.Errorf("groups %q", got)
	}
	var checks []string
	for _, name := range a {
		checks = append(checks, "check "+name)
	}
	if got := spec.CheckNames(); !slices.Equal(got, checks) {
		t.Errorf("checks %q, want %q", got, checks)
	}
}

func TestRequestsInFlight(t *testing.T) {
	for limit, want := range map[int]int{0: 6, 1: 1, 8: 8, 64: 10} {
		s := Step{Parallel: make([]Step, 10), Limit: limit}
		if got := s.AtOnce(); got != want {
			t.Errorf("limit %d: %d, want %d", limit, got, want)
		}
	}
	if got := nested().MostAtOnce(); got != 6 {
		t.Errorf("%d, want 6", got)
	}
	if got := (Spec{}).MostAtOnce(); got != 1 {
		t.Errorf("without scenarios: %d, want 1", got)
	}
}

func TestRequestOfStep(t *testing.T) {
	for _, c := range []struct {
		step        Step
		method, url string
		several     bool
	}{
		{Step{Get: "/"}, "GET", "/", false}, {Step{Options: "/o"}, "OPTIONS", "/o", false}, {Step{Think: "1s"}, "", "", false}, {Step{Post: "/a", Delete: "/b"}, "DELETE", "/b", true},
	} {
		method, url, several := c.step.Request()
		if method != c.method || url != c.url || several != c.several {
			t.Errorf("%+v: %s %s, several %v", c, method, url, several)
		}
	}
}

func TestData(t *testing.T) {
	spec := nested()
	if spec.HasUnique() {
		t.Error("unique without data")
	}
	for want, set := range map[string]Dataset{
		"": {Rows: "a\n1\n", Pick: PickUnique}, "data.d.rows: must be CSV with a header row": {}, `data.d.pick "x": must be sequence, random or unique`: {Rows: "a\n1\n", Pick: "x"},
	} {
		spec.Data = map[string]Dataset{"d": set}
		switch err := spec.checkData(); {
		case want == "" && (err != nil || !spec.HasUnique()), want != "" && (err == nil || err.Error()[:min(len(want), len(err.Error()))] != want):
			t.Errorf("%+v: %v, want %q", set, err, want)
		}
	}
}
