package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// Build returns the report of a run as of now (broker's clock); version is landfall's. It neither changes nor retains run.
func Build(run *fleet.Run, now time.Time, version string) *Report {
	r := Diagnose(run, now)
	r.Schema, r.Landfall, r.Spec = Schema, version, run.Spec.Redacted()
	r.Latency, r.Service, r.Lag, r.Histogram = Percentiles(run.Latency), Percentiles(run.Service), Percentiles(run.Lag), hdr.New()
	if run.Latency != nil {
		r.Histogram.Merge(run.Latency)
	}
	r.addIntervals(run)
	r.addSpreads(run)
	r.addParts(run)
	r.addBlocks(run, WholeSeconds(run, now))
	r.addClasses(run)
	r.Coverage = coverage(run)
	r.judge(run, now)
	r.addCapacity(run)
	r.Outcome, r.Reasons = outcome(r, run, now)
	r.Warnings = slices.Concat(unreported(run), r.warn(), excesses(run))
	return r
}

// Diagnose returns the part of a report that explains the course of the run: totals, drivers, named requests, failures,
// evidence, findings and figures of users. It merges no histograms of seconds, so it is cheap enough to be called every few seconds.
func Diagnose(run *fleet.Run, now time.Time) *Report {
	r := &Report{
		TestID: run.ID, Kind: string(run.Spec.Kind),
		Requests: run.Total.Requests, Responses: run.Total.Responses, Errors: allClasses(run.Total.Errors),
		Unexpected: run.Total.Unexpected, Failed: failed(run.Total), Dropped: run.Total.Dropped, Retried: run.Total.Retried, Statuses: clone(run.Total.Statuses),
		BytesWritten: run.Total.BytesWritten, BytesRead: run.Total.BytesRead,
	}
	r.addTimes(run, now)
	r.addDrivers(run)
	r.addFailures(run)
	r.addEvidence(run)
	r.addNamed(run)
	r.addGenerator(run, now)
	r.addFindings(run, now)
	r.addScenarios(run, now)
	return r
}

// Seconds returns the part of a report that holds its intervals.
func Seconds(run *fleet.Run, now time.Time) *Report {
	r := &Report{TestID: run.ID, Kind: string(run.Spec.Kind)}
	r.addTimes(run, now)
	r.addIntervals(run)
	r.addSpreads(run)
	r.addParts(run)
	return r
}

func allClasses(errors map[loadgen.Class]int64) map[loadgen.Class]int64 {
	m := make(map[loadgen.Class]int64, len(loadgen.Classes))
	for _, class := range loadgen.Classes {
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
	if load := loadTime(run, d) - run.Spec.Warmup.Std(); load > 0 {
		r.RateRPS = round(float64(r.Requests-run.Before.Requests) / load.Seconds())
		r.AskedRateRPS = round(askedRate(run, planned(run, d)))
	}
}

// runTime returns how long load has been sent since T0, as far as the drivers have reported.
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

// loadTime returns the time over which the run's rate is computed. For a tsunami it ends when the last request was sent, which
// is at most the greatest lag after the end of the plan, or when connections still could not be opened: waiting for the last responses is not load. In an avalanche each
// request waits for a response, so its time ends with the last response. n requests at equal gaps take n gaps, not n-1.
func loadTime(run *fleet.Run, d time.Duration) time.Duration {
	if len(run.Plans) == 0 || run.Spec.Kind != loadgen.Tsunami {
		return d
	}
	if until := run.Plans[len(run.Plans)-1].UntilUS; until > 0 {
		return micros(until) + tail(run, d-micros(until))
	}
	if len(run.Plans) == 1 {
		n := run.Total.Ended(len(run.Spec.Scenarios) > 0)
		if next, ok := loadgen.Schedule(run.Plans[0].Schedule).Due(float64(n)); ok {
			return max(d, next)
		}
	}
	return d
}

// tail returns how long a tsunami kept sending after the end of its plan; rest is the time from there to the last response. Up
// to 1 % of the run is taken for the latency of the last requests. If the run ended early, rest is negative and returned as it is.
func tail(run *fleet.Run, rest time.Duration) time.Duration {
	if rest < 0 {
		return rest
	}
	until, late := micros(run.Plans[len(run.Plans)-1].UntilUS), lastAttempt(run)
	if late -= until; run.Lag != nil {
		late = max(late, micros(run.Lag.Max()))
	}
	if rest = min(rest, late); rest < until/100 {
		return 0
	}
	return rest
}

// lastAttempt returns the end of the last second with a request whose connection could not be opened: it was not sent, and has no lag.
func lastAttempt(run *fleet.Run) time.Duration {
	for i := run.Intervals.Len() - 1; i >= 0; i-- {
		errors := run.Intervals.Figures(i).Delta.Errors
		if errors[loadgen.ErrConnect]+errors[loadgen.ErrTLS]+errors[loadgen.ErrDNS] > 0 {
			return time.Duration(i+1) * time.Second
		}
	}
	return 0
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

// planned returns the part of a run's time for which its plan asks for load.
func planned(run *fleet.Run, d time.Duration) time.Duration {
	if len(run.Plans) > 0 {
		if until := run.Plans[len(run.Plans)-1].UntilUS; until > 0 {
			return min(d, micros(until))
		}
	}
	return loadTime(run, d)
}

// askedRate returns the mean rate of a tsunami's plans over its duration.
func askedRate(run *fleet.Run, d time.Duration) float64 {
	if run.Spec.Kind != loadgen.Tsunami || len(run.Plans) == 0 {
		return 0
	}
	if s := run.Plans[0].Schedule; len(run.Plans) == 1 && len(s) == 1 && (s[0].From == nil || *s[0].From == s[0].To) {
		if s[0].From != nil || s[0].Duration == 0 {
			return s[0].To
		}
	}
	warmup := min(run.Spec.Warmup.Std(), d)
	if d <= warmup {
		return 0
	}
	return float64(due(run.Plans, "", d)-due(run.Plans, "", warmup)) / (d - warmup).Seconds()
}

func (r *Report) addDrivers(run *fleet.Run) {
	r.Drivers = make([]Driver, 0, len(run.Drivers))
	for _, id := range slices.Sorted(maps.Keys(run.Drivers)) {
		c := run.Drivers[id]
		d := Driver{
			NodeID: c.NodeID, Host: c.Host, State: stateOf(c),
			Requests: c.Total.Requests, Responses: c.Total.Responses, Errors: sum(c.Total.Errors),
			Unexpected: c.Total.Unexpected, Dropped: c.Total.Dropped - c.Relieved, Missing: c.Missing,
			Unknown: Unknown(run, c),
			Latency: Percentiles(c.Latency), CPUUS: c.CPUUS,
		}
		for _, f := range c.Failures {
			d.Failures = append(d.Failures, f.String())
		}
		if c.Answer != nil {
			d.Refusal = c.Answer.Refuse
		}
		d.Note = c.Note
		r.Unknown += d.Unknown
		r.Drivers = append(r.Drivers, d)
	}
}

func stateOf(c *fleet.Carrier) string {
	switch {
	case c.KilledBy != "":
		return StateKilled
	case c.Released && c.Final:
		return StateLeft
	case c.Final && c.LostAt != 0:
		return StateReturned
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
	steps := run.Spec.StepNames()
	for i, name := range steps {
		place[name] = i - len(steps)
	}
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
	if run.Intervals.Len() == 0 && !run.Active() && len(run.Plans) > 0 {
		return Coverage{} // nothing was reported, or it has expired
	}
	present, expected := run.Present()
	var measured int64
	if run.Latency != nil {
		measured = int64(run.Latency.Count())
	}
	return Coverage{Drivers: ratio(present, expected), Requests: ratio(measured, run.Total.Responses-run.Before.Responses)}
}

// ratio returns part ÷ whole, from 0 to 1; 1 if whole is 0.
func ratio(part, whole int64) float64 {
	if whole <= 0 || part >= whole {
		return 1
	}
	return float64(part) / float64(whole)
}

func (r *Report) addGenerator(run *fleet.Run, now time.Time) {
	r.Generator.Reasons = []string{}
	from, to := run.Warmup(), min(WholeSeconds(run, now), run.Intervals.Len())
	for i := from; i < to; i++ {
		if run.Intervals.Figures(i).Limited != "" {
			r.Generator.LimitedSeconds++
		}
	}
	r.Generator.Limited = float64(r.Generator.LimitedSeconds) > warnLimited*float64(to-from)
	var cpu int64
	for _, id := range slices.Sorted(maps.Keys(run.Drivers)) {
		c := run.Drivers[id]
		cpu += c.CPUUS
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

// ErrorList lists the error classes that occurred, with their counts.
func ErrorList(errors map[loadgen.Class]int64) string {
	var parts []string
	for _, class := range loadgen.Classes {
		if n := errors[class]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", figures.Count(n), class))
		}
	}
	return strings.Join(parts, ", ")
}
