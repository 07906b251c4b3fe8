package cli

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/node/report"
)

// List writes all runs that the topics know, the newest first.
func List(o *orchestrator.Orchestrator, w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	defer t.Flush()
	fmt.Fprintln(t, "RUN\tCONFIGURED\tOUTCOME\tDRIVERS\tREQUESTS\tTARGET")
	o.View(func(s *fleet.State) {
		runs := s.Runs()
		for i := len(runs) - 1; i >= 0; i-- {
			r := runs[i]
			outcome, requests := ended(r, o.Now())
			fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\n", r.ID, moment(r.ConfigAt), outcome, len(r.Config.Drivers), requests, r.Spec.Target)
		}
	})
}

// moment is a time as the list shows it: of a run of which only the report is left it is not known.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}

// ended is how a run ended and what it sent, by its report if one was written and else by what its drivers reported; of one
// that has not ended, how far it is.
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
