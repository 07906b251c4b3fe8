package gateway

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"landfall/node/fleet"
)

// Scenarios, groups and checks have metrics, and the diagnosis has their figures.
func TestFiguresOfUsers(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	spec := fmt.Sprintf(`{"spec": {"target": %q, "scenarios": [
		{"name": "browse", "users": 2, "duration_us": 1000000, "steps": [{"group": "page", "steps": [{"name": "list", "get": "/ping", "checks": [{"name": "ok", "status": "200"}]}]}, {"think": "100ms"}]},
		{"name": "buy", "rate_rps": 5, "duration_us": 1000000, "steps": [{"name": "pay", "get": "/ping"}]}]}}`, s.target)
	var created Run
	s.call("POST", "/api/v1/runs", spec, &created)
	s.until(func(st *fleet.State) bool { r := st.Run(created.TestID); return r != nil && r.Phase == fleet.Finished })
	body, _ := io.ReadAll(s.call("GET", "/metrics", "", nil).Body)
	run := fmt.Sprintf(`test_id=%q`, created.TestID)
	for _, want := range []string{
		`landfall_run_scenario_started_total{` + run + `,scenario="buy"} 5`, `landfall_run_scenario_requests_total{` + run + `,scenario="buy"} 5`,
		`landfall_run_scenario_dropped_total{` + run + `,scenario="buy"} 0`, `landfall_run_scenario_users{` + run + `,scenario="browse"} 0`,
		`landfall_run_scenario_iterations_total{` + run + `,scenario="buy",result="finished"} 5`, `landfall_run_group_failed_total{` + run + `,group="page"} 0`,
		`landfall_run_checks_total{` + run + `,step="list",check="ok",result="failed"} 0`, `landfall_run_request_total{` + run + `,request="pay"} 5`,
	} {
		if !strings.Contains(string(body), want+"\n") {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	var d diagnosis
	s.call("GET", "/api/v1/runs/"+created.TestID+"/diagnosis", "", &d)
	if len(d.Named) != 2 || d.Named[1].Requests != 5 || d.Named[0].Blocks != nil {
		t.Errorf("%+v", d.Named)
	}
	u := d.Scenarios
	if u == nil || len(u.Each) != 2 || u.Each[1].Requests != 5 || u.Each[0].MaxUsers > 2 || len(u.Groups) != 1 || u.Groups[0].Passes != u.Each[0].Finished || len(u.Checks) != 1 {
		t.Errorf("%+v", u)
	}
}
