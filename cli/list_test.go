package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"landfall/cli/local"
	"landfall/loadgen"
	"landfall/loadgen/target"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

func TestListOfRuns(t *testing.T) {
	s, err := target.Start(target.Config{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	spec := loadgen.Spec{Target: "http://user:secret@" + s.Addr() + "/ping", Count: 12, Connections: 2}.WithDefaults()
	err = local.Run(t.Context(), local.Config{Spec: spec, By: "test", Host: "here"}, func(o *orchestrator.Orchestrator) error {
		var ids []string
		for range 2 {
			r, err := (Launch{Orchestrator: o, Spec: spec}).Do(t.Context())
			if err != nil {
				return err
			}
			ids = append(ids, r.TestID)
		}
		var text, document bytes.Buffer
		if err := List(o, &text); err != nil {
			return err
		}
		lines := strings.Split(strings.TrimSpace(text.String()), "\n")
		if len(lines) != 3 || !strings.HasPrefix(lines[1], ids[1]+" ") || !strings.HasPrefix(lines[2], ids[0]+" ") || !strings.Contains(lines[1], "finished") || !strings.Contains(lines[1], " 12 ") {
			t.Errorf("runs %q:\n%s", ids, text.String())
		}
		if err := listJSON(o, &document); err != nil {
			return err
		}
		var list []listed
		if err := json.Unmarshal(document.Bytes(), &list); err != nil || len(list) != 2 || list[0].TestID != ids[1] || list[0].Requests != 12 || list[0].Drivers != 1 || list[0].ConfiguredAtMS == 0 {
			t.Errorf("%s, %v", document.String(), err)
		}
		if all := text.String() + document.String(); strings.Contains(all, "secret") {
			t.Errorf("the list shows a password:\n%s", all)
		}
		if id, err := resolveRun(o, "last"); err != nil || id != ids[1] {
			t.Errorf("last is %s, %v; want %s", id, err, ids[1])
		}
		if Alive(o, "here") != nil || Alive(o, "there") == nil {
			t.Errorf("alive: here %v, there %v", Alive(o, "here"), Alive(o, "there"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The outcome of a run is that of its report or, without one, follows from its figures so far; an active run has none.
func TestOutcomeInTheList(t *testing.T) {
	later := reporttest.T0.Add(time.Minute)
	reported := reporttest.Healthy()
	r := report.Build(reporttest.Faulty(), later, "1")
	r.TestID = reported.ID
	var err error
	if reported.Report, err = json.Marshal(r); err != nil {
		t.Fatal(err)
	}
	active, waiting := reporttest.Healthy(), &fleet.Run{Phase: fleet.Configured}
	active.Phase, active.EndedAt = fleet.Started, time.Time{}
	for _, c := range active.Drivers {
		c.Planned, c.Final = true, false
	}
	for name, c := range map[string]struct {
		run      *fleet.Run
		now      time.Time
		outcome  string
		requests int64
	}{
		"with its report":  {reported, later, string(r.Outcome), 9500},
		"without":          {reporttest.Healthy(), later, string(report.Finished), 10_000},
		"in progress":      {active, reporttest.T0.Add(reporttest.Seconds(5)), string(fleet.Started), 10_000},
		"not started":      {waiting, later, string(fleet.Configured), 0},
		"a damaged report": {&fleet.Run{Phase: fleet.Refused, Report: []byte("{")}, later, string(fleet.Refused), 0},
	} {
		if outcome, requests := ended(c.run, c.now); outcome != c.outcome || requests != c.requests {
			t.Errorf("%s: %s, %d requests; want %s, %d", name, outcome, requests, c.outcome, c.requests)
		}
	}
	if moment(time.Time{}) != "-" || moment(later) == "-" {
		t.Errorf("moments: %s and %s", moment(time.Time{}), moment(later))
	}
}

func TestMatchRun(t *testing.T) {
	ids := []string{"tsunami-1", "tsunami-12", "avalanche-3"}
	for name, want := range map[string]string{"tsunami-1": "tsunami-1", "ava": "avalanche-3", "last": "avalanche-3", "tsu": "", "x": ""} {
		if got, err := matchRun(ids, name); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
