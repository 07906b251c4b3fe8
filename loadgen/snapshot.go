package loadgen

import (
	"cmp"
	"slices"

	"landfall/loadgen/evidence"
	"landfall/loadgen/hdr"
)

// Class is the phase in which a request failed.
type Class string

// The error classes. Every request ends exactly once: with a response, or with an error of one class.
const (
	ErrDNS      Class = "dns"
	ErrConnect  Class = "connect"
	ErrTLS      Class = "tls"
	ErrWrite    Class = "write"
	ErrRead     Class = "read"
	ErrTimeout  Class = "timeout"
	ErrProtocol Class = "protocol"
)

// Classes are the error classes, in the order of a request's phases.
var Classes = [...]Class{ErrDNS, ErrConnect, ErrTLS, ErrWrite, ErrRead, ErrTimeout, ErrProtocol}

// Counts are exact numbers, not samples. Requests = Responses + the sum of Errors.
type Counts struct {
	Requests     int64                    `json:"requests"` // that ended
	Responses    int64                    `json:"responses"`
	Errors       map[Class]int64          `json:"errors,omitempty"`
	Unexpected   int64                    `json:"unexpected,omitempty"`    // responses that the spec did not expect
	UnexpectedBy map[evidence.Cause]int64 `json:"unexpected_by,omitempty"` // by the first failed expectation: status, body or check
	Dropped      int64                    `json:"dropped,omitempty"`       // due but never sent; not in Requests
	Statuses     map[string]int64         `json:"statuses,omitempty"`      // "200": n
	BytesWritten int64                    `json:"bytes_written,omitempty"`
	BytesRead    int64                    `json:"bytes_read,omitempty"`
	Handshakes   int64                    `json:"handshakes,omitempty"` // TLS handshakes completed
	Connects     int64                    `json:"connects,omitempty"`   // TCP connections opened
	Retried      int64                    `json:"retried,omitempty"`    // requests that were sent again because the target had not processed them

	Aside int64 `json:"aside,omitempty"` // requests of setup and teardown, which are not counted elsewhere

	// Of a spec with scenarios. Iterations = finished + IterationsFailed + IterationsInterrupted; Dropped are
	// then users that never started.
	Iterations            int64 `json:"iterations,omitempty"` // that ended
	IterationsFailed      int64 `json:"iterations_failed,omitempty"`
	BodiesCut             int64 `json:"bodies_cut,omitempty"`             // responses whose body was too long for extracts and checks
	IterationsInterrupted int64 `json:"iterations_interrupted,omitempty"` // unfinished when the run was stopped, or when Spec.Finish had passed
}

// Ended returns the number of iterations (with scenarios) or requests (without) that have ended, including dropped ones.
func (c Counts) Ended(scenarios bool) int64 {
	if scenarios {
		return c.Iterations + c.Dropped
	}
	return c.Requests + c.Dropped
}

// Snapshot holds a driver's measurements of one interval: one second, counted from T0.
type Snapshot struct {
	Interval int    `json:"interval"`        // i covers [T0 + i s, T0 + (i+1) s)
	Final    bool   `json:"final,omitempty"` // the last snapshot of this share
	Delta    Counts `json:"delta"`
	Total    Counts `json:"total"`
	Begun    int64  `json:"begun"`             // requests (iterations of a spec with scenarios) started or dropped since T0
	Asked    int64  `json:"asked,omitempty"`   // tsunami: requests that became due in the interval
	InFlight int    `json:"in_flight"`         // at the end of the interval
	Waiting  int    `json:"waiting,omitempty"` // due, waiting for a free connection
	// Connections by state at the end of the interval; all others are closed.
	Open       int `json:"open"`
	Connecting int `json:"connecting,omitempty"`
	Paused     int `json:"paused,omitempty"` // waiting to reconnect after a failure

	// Measurements of this interval, in microseconds. Lag is the delay from due to sent, Handshake the time of TLS handshakes.
	Times
	Lag       *hdr.Histogram `json:"schedule_lag,omitempty"`
	Handshake *hdr.Histogram `json:"handshake,omitempty"`
	Named     []Named        `json:"named,omitempty"`   // per request, if the spec has several
	Classes   []StatusClass  `json:"classes,omitempty"` // per status class, if there were several; see ByClass

	Exchanges []evidence.Exchange `json:"exchanges,omitempty"` // the first of each kind of failure
	Slowest   []evidence.Slow     `json:"slowest,omitempty"`   // requests that were among the driver's slowest when they ended

	ErrorReasons []Failure `json:"error_reasons,omitempty"` // why requests failed in this interval

	// Of a spec with scenarios.
	Users         int                `json:"users,omitempty"`     // at the interval's end
	IterationTime *hdr.Histogram     `json:"iteration,omitempty"` // of finished iterations, in microseconds
	Checks        []CheckCount       `json:"checks,omitempty"`
	Groups        []Group            `json:"groups,omitempty"`
	Scenarios     []ScenarioCount    `json:"scenarios,omitempty"` // if there are several
	Failures      []IterationFailure `json:"failures,omitempty"`  // the most frequent first

	StartLagUS int64     `json:"start_lag_us,omitempty"` // delay of the first request after it was due (T0 for an avalanche)
	Generator  Generator `json:"generator"`
}

// Named holds the figures of one named request of the spec.
type Named struct {
	Name       string `json:"name"`
	Requests   int64  `json:"requests"`
	Errors     int64  `json:"errors,omitempty"`
	Unexpected int64  `json:"unexpected,omitempty"`
	Times
}

// Generator describes the driver itself: whether the driver, and not the target, limited the load.
type Generator struct {
	CPUUS   int64    `json:"cpu_us"` // CPU time used in the interval
	Cores   float64  `json:"cores"`  // number of cores that it may use, within a container's quota
	GCUS    int64    `json:"gc_pause_us,omitempty"`
	Limited bool     `json:"limited,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
}

// Extend adds the measurements of next, the snapshot that follows s.
func (s *Snapshot) Extend(next Snapshot) {
	before := *s
	*s = next
	s.Classes = MergedClasses(before.ByClass(), next.ByClass())
	s.Delta = Counts{}
	s.Delta.Add(before.Delta)
	s.Delta.Add(next.Delta)
	s.Asked += before.Asked
	s.ErrorReasons = MergedFailures(before.ErrorReasons, next.ErrorReasons)
	s.Exchanges = evidence.Merge(before.Exchanges, next.Exchanges)
	s.Slowest = evidence.Slowest(before.Slowest, next.Slowest)
	s.Times = before.plus(next.Times)
	s.Lag = hdr.Merged(hdr.Merged(nil, before.Lag), next.Lag)
	s.Handshake = hdr.Merged(hdr.Merged(nil, before.Handshake), next.Handshake)
	s.Named = mergedNamed(before.Named, next.Named)
	s.IterationTime = hdr.Merged(hdr.Merged(nil, before.IterationTime), next.IterationTime)
	s.Checks = AddChecks(slices.Clone(before.Checks), next.Checks)
	s.Groups = AddGroups(AddGroups(nil, before.Groups), next.Groups)
	s.Scenarios = AddScenarios(AddScenarios(nil, before.Scenarios), next.Scenarios)
	for i := range s.Scenarios {
		s.Scenarios[i].Users = usersOf(next.Scenarios, s.Scenarios[i].Name)
	}
	s.Failures = AddIterationFailures(slices.Clone(before.Failures), next.Failures)
	g := &s.Generator
	g.CPUUS += before.Generator.CPUUS
	g.GCUS += before.Generator.GCUS
	g.Limited = g.Limited || before.Generator.Limited
	for _, why := range before.Generator.Reasons {
		if !slices.Contains(g.Reasons, why) {
			g.Reasons = append(g.Reasons, why)
		}
	}
}

func mergedNamed(a, b []Named) []Named {
	sum := slices.Clone(a)
	for _, n := range b {
		i := slices.IndexFunc(sum, func(have Named) bool { return have.Name == n.Name })
		if i < 0 {
			sum = append(sum, n)
			continue
		}
		s := &sum[i]
		s.Requests, s.Errors, s.Unexpected = s.Requests+n.Requests, s.Errors+n.Errors, s.Unexpected+n.Unexpected
		s.Times = s.plus(n.Times)
	}
	return sum
}

// CheckCount counts how often a check of a step passed and failed.
type CheckCount struct {
	Step   string `json:"step"`
	Check  string `json:"check"`
	Passed int64  `json:"passed,omitempty"`
	Failed int64  `json:"failed,omitempty"`
}

// Group is the time of a group of steps in microseconds, including think time. Failed counts the passes that ended because the iteration
// failed.
type Group struct {
	Name   string         `json:"name"`
	Failed int64          `json:"failed,omitempty"`
	Time   *hdr.Histogram `json:"time,omitempty"`
}

// ScenarioCount counts the iterations of a scenario that started and that ended in an interval. Time is that of finished ones, in
// microseconds.
type ScenarioCount struct {
	Name        string         `json:"name"`
	Users       int            `json:"users,omitempty"` // at the interval's end
	Started     int64          `json:"started,omitempty"`
	Finished    int64          `json:"finished,omitempty"`
	Failed      int64          `json:"failed,omitempty"`
	Interrupted int64          `json:"interrupted,omitempty"`
	Dropped     int64          `json:"dropped,omitempty"` // users that were due but never started, of a scenario with its own rate
	Time        *hdr.Histogram `json:"time,omitempty"`
}

func usersOf(list []ScenarioCount, name string) int {
	for _, c := range list {
		if c.Name == name {
			return c.Users
		}
	}
	return 0
}

// AddScenarios adds the counts of more to list, including users. It changes the histograms of list.
func AddScenarios(list, more []ScenarioCount) []ScenarioCount {
	for _, c := range more {
		i := slices.IndexFunc(list, func(have ScenarioCount) bool { return have.Name == c.Name })
		if i < 0 && len(list) < MaxScenarios {
			i = len(list)
			list = append(list, ScenarioCount{Name: c.Name})
		}
		if i < 0 {
			continue
		}
		s := &list[i]
		s.Users, s.Started, s.Finished, s.Failed = s.Users+c.Users, s.Started+c.Started, s.Finished+c.Finished, s.Failed+c.Failed
		s.Interrupted, s.Dropped = s.Interrupted+c.Interrupted, s.Dropped+c.Dropped
		s.Time = hdr.Merged(s.Time, c.Time)
	}
	return list
}

// IterationFailure counts the iterations that failed at a step for a reason.
type IterationFailure struct {
	Step   string `json:"step"`
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// Limits of the distinct items in a sum of snapshots, since snapshots are read from a topic.
const (
	MaxChecks            = 512
	MaxGroups            = 64
	MaxIterationFailures = 64
)

// AddChecks adds the counts of more to list, which it may change.
func AddChecks(list, more []CheckCount) []CheckCount {
	for _, c := range more {
		i := slices.IndexFunc(list, func(have CheckCount) bool { return have.Step == c.Step && have.Check == c.Check })
		switch {
		case i >= 0:
			list[i].Passed += c.Passed
			list[i].Failed += c.Failed
		case len(list) < MaxChecks:
			list = append(list, c)
		}
	}
	return list
}

// AddGroups adds the measurements of more to list. It changes the histograms of list.
func AddGroups(list, more []Group) []Group {
	for _, g := range more {
		i := slices.IndexFunc(list, func(have Group) bool { return have.Name == g.Name })
		switch {
		case i >= 0:
			list[i].Failed += g.Failed
			list[i].Time = hdr.Merged(list[i].Time, g.Time)
		case len(list) < MaxGroups:
			g.Time = hdr.Merged(nil, g.Time)
			list = append(list, g)
		}
	}
	return list
}

// AddIterationFailures adds the counts of more to list, which it may change. The most frequent come first.
func AddIterationFailures(list, more []IterationFailure) []IterationFailure {
	for _, f := range more {
		i := slices.IndexFunc(list, func(have IterationFailure) bool { return have.Step == f.Step && have.Reason == f.Reason })
		switch {
		case i >= 0:
			list[i].Count += f.Count
		case len(list) < MaxIterationFailures:
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b IterationFailure) int { return cmp.Compare(b.Count, a.Count) })
	return list
}
