package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/node/capacity"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// outcome returns the outcome and its reasons: failed thresholds first.
func outcome(r *Report, run *fleet.Run, now time.Time) (Outcome, []string) {
	reasons := Failures(r, run)
	switch {
	case r.Capacity != nil && run.StopWhy == capacity.Over:
		return searched(r)
	case run.Aborted:
		return Aborted, append([]string{stopText(run)}, others(reasons, run)...)
	case stopped(run):
		return Interrupted, append([]string{stopText(run)}, reasons...)
	case run.Active() && !run.Ended(now):
		return Running, crossings(r)
	case len(reasons) > 0:
		return Failed, reasons
	}
	if len(r.Thresholds) == 0 {
		return Finished, reasons
	}
	return Passed, reasons
}

// others leaves out the threshold that ended the run, which is named already.
func others(reasons []string, run *fleet.Run) []string {
	return slices.DeleteFunc(reasons, func(reason string) bool {
		what, _, crossed := strings.Cut(reason, " was crossed: ")
		return crossed && strings.HasPrefix(run.StopWhy, what+" was crossed: ")
	})
}

func stopped(run *fleet.Run) bool { return run.Aborted || run.StopBy != "" || run.StopWhy != "" }

func stopText(run *fleet.Run) string {
	switch {
	case run.StopBy == "":
		return "stopped: " + run.StopWhy
	case run.StopWhy == "":
		return "stopped by " + run.StopBy
	}
	return "stopped by " + run.StopBy + ": " + run.StopWhy
}

// crossings describes the thresholds that do not hold.
func crossings(r *Report) []string {
	reasons := []string{}
	for _, t := range r.Thresholds {
		if !t.Passed {
			reasons = append(reasons, fmt.Sprintf("threshold %s was crossed: %s", t.Expr, ValueText(t)))
		}
	}
	return reasons
}

// Failures returns the reasons why the run failed; empty if it did not.
func Failures(r *Report, run *fleet.Run) []string {
	reasons := crossings(r)
	add := func(format string, a ...any) { reasons = append(reasons, fmt.Sprintf(format, a...)) }
	if run.Phase == fleet.Refused {
		add("the run was refused")
	}
	for _, d := range r.Drivers {
		if d.Refusal != "" {
			add("%s refused: %s", d.NodeID, d.Refusal)
		}
	}
	switch carried, until := cutShort(run); {
	case len(r.Drivers) > 0 && countState(r.Drivers, StateLost) == len(r.Drivers):
		add("every driver was lost")
	case carried < until:
		add("the load ended after %.1fs of %.1fs", carried.Seconds(), until.Seconds())
		for _, d := range r.Drivers {
			if d.Note != "" {
				add("%s: %s", d.NodeID, d.Note)
			}
		}
	}
	switch {
	case r.Requests == 0 && r.Unknown > 0:
		add("no driver reported: up to %d requests may have been sent", r.Unknown)
	case r.Requests == 0:
		add("no request was sent")
	case r.Responses == 0:
		add("no request was answered (errors: %s)", ErrorList(r.Errors))
		for _, f := range r.Failures[:min(len(r.Failures), FailureLines)] {
			reasons = append(reasons, f.Text(len(r.Drivers)))
		}
	case r.Failed == r.Requests:
		add("no request succeeded: every response was unexpected (%s)", statusList(r.Statuses))
	}
	if missing := shortOf(r, run); missing > 0 {
		add("%d of %d requests were not sent", missing, wanted(run))
	}
	return reasons
}

func countState(drivers []Driver, state string) (n int) {
	for _, d := range drivers {
		if d.State == state {
			n++
		}
	}
	return n
}

// cutShort returns how long load was sent and how long it should have been. Both are 0 unless drivers ended the run early
// without being told to stop, as orphaned drivers do.
func cutShort(run *fleet.Run) (carried, until time.Duration) {
	if stopped(run) || wanted(run) > 0 || len(run.Plans) == 0 || run.Spec.HasUnique() { // unique rows may run out first
		return 0, 0
	}
	until = micros(run.Plans[len(run.Plans)-1].UntilUS)
	for _, c := range run.Drivers {
		carried = max(carried, c.LastEnd)
	}
	early := carried > 0 && carried < until-time.Second
	if early && run.Spec.Kind == loadgen.Tsunami { // a plan that ramps down to 0 sends nothing at its end
		early = due(run.Plans, "", carried) < due(run.Plans, "", until)
	}
	if !early {
		return 0, 0
	}
	return carried, until
}

// shortOf returns how many of the requested requests were neither sent nor dropped, and cannot have been sent by a lost driver.
func shortOf(r *Report, run *fleet.Run) int64 {
	if stopped(run) || run.Spec.Duration > 0 || run.Spec.HasUnique() {
		return 0
	}
	return wanted(run) - run.Total.Ended(len(run.Spec.Scenarios) > 0) - r.Unknown
}

func wanted(run *fleet.Run) int64 {
	if run.Spec.Count > 0 {
		return run.Spec.Count
	}
	return run.Spec.CountPerDriver * int64(drivers(run))
}

func drivers(run *fleet.Run) int {
	if len(run.Plans) == 0 {
		return 0
	}
	return len(run.Plans[0].Shares)
}

// failed returns how many requests failed: errors and unexpected responses.
func failed(c loadgen.Counts) int64 { return c.Requests - c.Responses + c.Unexpected }

// statusList lists the most frequent statuses with their counts.
func statusList(statuses map[string]int64) string {
	const most = 4
	codes := slices.SortedFunc(maps.Keys(statuses), func(a, b string) int {
		return cmp.Or(cmp.Compare(statuses[b], statuses[a]), strings.Compare(a, b))
	})
	var parts []string
	for _, code := range codes[:min(len(codes), most)] {
		parts = append(parts, code+" × "+figures.Count(statuses[code]))
	}
	if more := len(codes) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	return strings.Join(parts, ", ")
}
