package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/node/report"
)

// List prints all runs in the topics, newest first.
func List(o *orchestrator.Orchestrator, w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RUN\tCONFIGURED\tOUTCOME\tDRIVERS\tREQUESTS\tTARGET")
	o.View(func(s *fleet.State) {
		runs := s.Runs()
		for i := len(runs) - 1; i >= 0; i-- {
			r := runs[i]
			outcome, requests := ended(r, o.Now())
			fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\n", r.ID, moment(r.ConfigAt), outcome, len(r.Config.Drivers), requests, r.Spec.Target)
		}
	})
	return t.Flush()
}

// resolveRun returns the id of a run by name: last for the newest one, an id, or the unique prefix of an id.
func resolveRun(o *orchestrator.Orchestrator, name string) (id string, err error) {
	var ids []string
	o.View(func(s *fleet.State) {
		for _, r := range s.Runs() {
			ids = append(ids, r.ID)
		}
	})
	return matchRun(ids, name)
}

func matchRun(ids []string, name string) (string, error) {
	if slices.Contains(ids, name) {
		return name, nil
	}
	if name == "last" && len(ids) > 0 {
		return ids[len(ids)-1], nil
	}
	var found []string
	for _, id := range ids {
		if strings.HasPrefix(id, name) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("%q: no such run and no such file (list the runs with: landfall report)", name)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%q: matches %d runs: %s", name, len(found), strings.Join(found, ", "))
}

// listJSON writes the list as JSON.
func listJSON(o *orchestrator.Orchestrator, w io.Writer) error {
	list := []listed{}
	o.View(func(s *fleet.State) {
		for _, r := range slices.Backward(s.Runs()) {
			l := listed{TestID: r.ID, Drivers: len(r.Config.Drivers), Target: r.Spec.Redacted().Target}
			l.Outcome, l.Requests = ended(r, o.Now())
			if !r.ConfigAt.IsZero() {
				l.ConfiguredAtMS = r.ConfigAt.UnixMilli()
			}
			list = append(list, l)
		}
	})
	return json.NewEncoder(w).Encode(list)
}

// listed is a run of the list as JSON.
type listed struct {
	TestID         string `json:"test_id"`
	ConfiguredAtMS int64  `json:"configured_at_ms,omitempty"` // since 1970; 0: unknown
	Outcome        string `json:"outcome"`
	Drivers        int    `json:"drivers"`
	Requests       int64  `json:"requests"`
	Target         string `json:"target"`
}

// moment formats a time of the list. It is unknown if only the run's report is left.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}

// ended returns the outcome and the number of requests of a run, from its report or else from what its drivers reported. The
// outcome of a run in progress is its phase.
func ended(r *fleet.Run, now time.Time) (outcome string, requests int64) {
	if r.Report != nil {
		if past, err := report.ParseOf(r.ID, r.Report); err == nil {
			return string(past.Outcome), past.Requests
		}
	}
	if !r.T0.IsZero() && (!r.Active() || r.Ended(now)) {
		return string(report.Build(r, now, "").Outcome), r.Total.Requests
	}
	return string(r.Phase), r.Total.Requests
}
