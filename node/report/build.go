package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
)

// Classes lists the error classes in the order in which a request can meet them.
var Classes = []loadgen.Class{
	loadgen.ErrDNS, loadgen.ErrConnect, loadgen.ErrTLS, loadgen.ErrWrite, loadgen.ErrRead, loadgen.ErrTimeout, loadgen.ErrProtocol,
}

// Build makes the report of a run as it stands at now (broker's clock), by this version of landfall. It changes nothing in
// run and keeps nothing of it.
func Build(run *fleet.Run, now time.Time, version string) *Report {
	r := &Report{
		Schema: Schema, Landfall: version, TestID: run.ID, Kind: string(run.Spec.Kind),
		Requests: run.Total.Requests, Responses: run.Total.Responses, Errors: allClasses(run.Total.Errors),
		Unexpected: run.Total.Unexpected, Dropped: run.Total.Dropped, Statuses: clone(run.Total.Statuses),
		BytesWritten: run.Total.BytesWritten, BytesRead: run.Total.BytesRead,
		Latency: Percentiles(run.Latency), Service: Percentiles(run.Service), Lag: Percentiles(run.Lag),
		Histogram: loadgen.NewHistogram(), Spec: published(run.Spec),
	}
	if run.Latency != nil {
		r.Histogram.Merge(run.Latency)
	}
	r.addTimes(run, now)
	r.addDrivers(run)
	r.addIntervals(run)
	r.addNamed(run)
	r.addClasses(run)
	r.Coverage = coverage(run)
	r.addGenerator(run)
	r.judge(run, now)
	r.Outcome, r.Reasons = outcome(r, run)
	return r
}

func allClasses(errors map[loadgen.Class]int64) map[loadgen.Class]int64 {
	m := make(map[loadgen.Class]int64, len(Classes))
	for _, class := range Classes {
		m[class] = 0
	}
	maps.Copy(m, errors)
	return m
}

func clone(m map[string]int64) map[string]int64 {
	if m == nil {
		return map[string]int64{}
	}
	return maps.Clone(m)
}

func (r *Report) addTimes(run *fleet.Run, now time.Time) {
	if run.T0.IsZero() {
		return
	}
	d := runTime(run, now)
	r.StartedAtMS = run.T0.UnixMilli()
	r.DurationMS = d.Milliseconds()
	r.StartSpreadUS = startSpread(run)
	if d = loadTime(run, d); d > 0 {
		r.RateRPS = round(float64(r.Requests) / d.Seconds())
		r.AskedRateRPS = round(askedRate(run, d))
	}
}

// runTime is how long load was carried, since T0: as far as drivers have reported.
func runTime(run *fleet.Run, now time.Time) (d time.Duration) {
	for _, c := range run.Drivers {
		d = max(d, c.LastEnd)
	}
	if d > 0 {
		return d
	}
	if !run.EndedAt.IsZero() {
		now = run.EndedAt
	}
	return max(now.Sub(run.T0), 0)
}

// loadTime is the part of a run's time that its rate is about. Waiting for the last answers is not load, and n requests
// with a gap between them take n gaps, not one less.
func loadTime(run *fleet.Run, d time.Duration) time.Duration {
	if len(run.Plans) == 0 {
		return d
	}
	until := run.Plans[len(run.Plans)-1].UntilUS
	if until > 0 {
		return min(d, micros(until))
	}
	if run.Spec.Kind == loadgen.Tsunami && len(run.Plans) == 1 {
		n := run.Total.Requests + run.Total.Dropped
		if next, ok := loadgen.Schedule(run.Plans[0].Schedule).Due(float64(n)); ok {
			return max(d, next)
		}
	}
	return d
}

func startSpread(run *fleet.Run) int64 {
	var first, last int64
	for _, c := range run.Drivers {
		if c.StartUS == 0 {
			continue
		}
		if first == 0 || c.StartUS < first {
			first = c.StartUS
		}
		last = max(last, c.StartUS)
	}
	return last - first
}

// askedRate is the mean rate that the plans of a tsunami ask for over what it lasted.
func askedRate(run *fleet.Run, d time.Duration) float64 {
	if run.Spec.Kind != loadgen.Tsunami || len(run.Plans) == 0 {
		return 0
	}
	if s := run.Plans[0].Schedule; len(run.Plans) == 1 && len(s) == 1 && (s[0].From == nil || *s[0].From == s[0].To) {
		if s[0].From != nil || s[0].Duration == 0 {
			return s[0].To
		}
	}
	return float64(due(run.Plans, "", d)) / d.Seconds()
}

func (r *Report) addDrivers(run *fleet.Run) {
	r.Drivers = make([]Driver, 0, len(run.Drivers))
	for _, id := range slices.Sorted(maps.Keys(run.Drivers)) {
		c := run.Drivers[id]
		d := Driver{
			NodeID: c.NodeID, Host: c.Host, State: stateOf(c),
			Requests: c.Total.Requests, Responses: c.Total.Responses, Errors: sum(c.Total.Errors),
			Unexpected: c.Total.Unexpected, Dropped: c.Total.Dropped, Missing: c.Missing,
			Unknown: Unknown(c, run.Spec, run.Plans),
			Latency: Percentiles(c.Latency), CPUUS: c.CPUUS, Failures: slices.Clone(c.Failures),
		}
		if c.Answer != nil {
			d.Refusal = c.Answer.Refuse
		}
		r.Unknown += d.Unknown
		r.Drivers = append(r.Drivers, d)
	}
}

func stateOf(c *fleet.Carrier) string {
	switch {
	case c.Released && c.Final:
		return StateLeft
	case c.Final:
		return StateFinished
	case c.LostAt != 0:
		return StateLost
	case c.Answer != nil && c.Answer.Refuse != "":
		return StateRefused
	}
	return StateRunning
}

func (r *Report) addNamed(run *fleet.Run) {
	r.Named = make([]Named, 0, len(run.Named))
	for name, n := range run.Named {
		r.Named = append(r.Named, Named{
			Name: name, Requests: n.Requests, Errors: n.Errors, Unexpected: n.Unexpected,
			Latency: Percentiles(n.Latency), Service: Percentiles(n.Service),
		})
	}
	place := map[string]int{}
	for i, q := range run.Spec.Requests {
		place[q.Name] = i - len(run.Spec.Requests)
	}
	slices.SortFunc(r.Named, func(a, b Named) int {
		return cmp.Or(cmp.Compare(place[a.Name], place[b.Name]), strings.Compare(a.Name, b.Name))
	})
}

func (r *Report) addClasses(run *fleet.Run) {
	r.Classes = make([]Class, 0, len(run.Classes))
	for _, name := range slices.Sorted(maps.Keys(run.Classes)) {
		t := run.Classes[name]
		if t.Latency != nil {
			r.Classes = append(r.Classes, Class{Class: name, Responses: t.Latency.Count(), Latency: Percentiles(t.Latency), Service: Percentiles(t.Service)})
		}
	}
}

func coverage(run *fleet.Run) Coverage {
	var present, expected int64
	for _, in := range run.Intervals {
		present += int64(in.Present)
		expected += int64(in.Expected)
	}
	var measured int64
	if run.Latency != nil {
		measured = int64(run.Latency.Count())
	}
	return Coverage{Drivers: ratio(present, expected), Requests: ratio(measured, run.Total.Responses)}
}

// ratio is part of whole, from 0 to 1. Of nothing, everything is there.
func ratio(part, whole int64) float64 {
	if whole <= 0 || part >= whole {
		return 1
	}
	return float64(part) / float64(whole)
}

func (r *Report) addGenerator(run *fleet.Run) {
	r.Generator.Reasons = []string{}
	var cpu int64
	for _, id := range slices.Sorted(maps.Keys(run.Drivers)) {
		c := run.Drivers[id]
		cpu += c.CPUUS
		r.Generator.Limited = r.Generator.Limited || c.Limited
		for _, reason := range c.Reasons {
			r.Generator.Reasons = append(r.Generator.Reasons, c.NodeID+": "+reason)
		}
	}
	if r.Requests > 0 {
		r.Generator.CPUUSPerRequest = round(float64(cpu) / float64(r.Requests))
	}
}

// round keeps three decimals, so that the JSON is readable.
func round(f float64) float64 {
	return float64(int64(f*1000+.5)) / 1000
}

// outcome says how the run ended and why, worst first.
func outcome(r *Report, run *fleet.Run) (Outcome, []string) {
	reasons := failures(r, run)
	switch {
	case run.Aborted:
		return Aborted, append([]string{stopText(run)}, reasons...)
	case stopped(run):
		return Interrupted, append([]string{stopText(run)}, reasons...)
	case len(reasons) > 0:
		return Failed, reasons
	}
	return Passed, reasons
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

// failures lists what keeps the run from having passed.
func failures(r *Report, run *fleet.Run) []string {
	reasons := []string{}
	add := func(format string, a ...any) { reasons = append(reasons, fmt.Sprintf(format, a...)) }
	if run.Phase == fleet.Refused {
		add("the run was refused")
	}
	for _, d := range r.Drivers {
		if d.Refusal != "" {
			add("%s refused: %s", d.NodeID, d.Refusal)
		}
	}
	for _, t := range r.Thresholds {
		if !t.Passed {
			add("threshold %s was crossed: %s", t.Expr, valueText(t))
		}
	}
	switch carried, until := cutShort(run); {
	case len(r.Drivers) > 0 && countState(r.Drivers, StateLost) == len(r.Drivers):
		add("every driver was lost")
	case carried < until:
		add("the load ended after %.1f of %.1f s", carried.Seconds(), until.Seconds())
	}
	switch {
	case r.Requests == 0:
		add("no request was sent")
	case r.Responses == 0:
		add("no request was answered (errors: %s)", errorList(r.Errors))
		reasons = append(reasons, whyNotOpened(r.Drivers)...)
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

// cutShort is how long load was carried and until when it should have been, the same unless nobody stopped it and the
// drivers ended it early all the same: those that were left to themselves for too long do.
func cutShort(run *fleet.Run) (carried, until time.Duration) {
	if stopped(run) || wanted(run) > 0 || len(run.Plans) == 0 {
		return 0, 0
	}
	until = micros(run.Plans[len(run.Plans)-1].UntilUS)
	for _, c := range run.Drivers {
		carried = max(carried, c.LastEnd)
	}
	early := carried > 0 && carried < until-time.Second
	if early && run.Spec.Kind == loadgen.Tsunami { // one that fades out has nothing to send at its end
		early = due(run.Plans, "", carried) < due(run.Plans, "", until)
	}
	if !early {
		return 0, 0
	}
	return carried, until
}

// shortOf is how many of the requests that the spec asks for were neither sent nor dropped by anybody known.
func shortOf(r *Report, run *fleet.Run) int64 {
	if stopped(run) || run.Spec.Duration > 0 {
		return 0
	}
	return wanted(run) - r.Requests - r.Dropped - r.Unknown
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

// errorList names the classes that happened with their counts.
func errorList(errors map[loadgen.Class]int64) string {
	var parts []string
	for _, class := range Classes {
		if n := errors[class]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", count(n), class))
		}
	}
	return strings.Join(parts, ", ")
}
