package engine

import (
	"cmp"
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/loadgen/script"
)

// userStats are one loop's counters of its users in one interval.
type userStats struct {
	finished, failed, interrupted int64
	alive                         int
	cut                           int64 // truncated bodies
	durations                     *hdr.Histogram
	checks                        []checkCount
	groups                        []groupStats    // by index in the program
	scenarios                     []scenarioStats // by index in the program, if there are several
	failures                      map[failure]int64
}

// scenarioStats are the iterations of one scenario.
type scenarioStats struct {
	started, finished, failed, interrupted, dropped int64
	alive                                           int
	durations                                       *hdr.Histogram // of finished iterations
}

type checkCount struct{ passed, failed int64 }

// groupStats holds the durations of a group's passes, and the number of passes that ended because the
// iteration failed.
type groupStats struct {
	time   *hdr.Histogram
	failed int64
}

// failure is the reason why an iteration failed. message is -1 before its first request.
type failure struct {
	message int32
	why     string
}

// maxFailures is the maximum number of distinct failures of an interval.
const maxFailures = 32

func newUserStats(p *script.Program) userStats {
	if p == nil {
		return userStats{}
	}
	groups := make([]groupStats, len(p.Groups))
	for i := range groups {
		groups[i].time = hdr.New()
	}
	s := userStats{durations: hdr.New(), checks: make([]checkCount, len(p.Checks)), groups: groups, failures: map[failure]int64{}}
	if n := len(p.Names); n > 1 {
		s.scenarios = make([]scenarioStats, n)
		for i := range s.scenarios {
			s.scenarios[i].durations = hdr.New()
		}
	}
	return s
}

// started counts the start of an iteration of a scenario.
func (s *userStats) started(scenario int32) {
	if s.scenarios != nil {
		s.scenarios[scenario].started++
	}
}

// ended counts the end of an iteration. last reports whether the user has executed its last step.
func (s *userStats) ended(u *user, last bool, now int64) {
	one := &scenarioStats{}
	if s.scenarios != nil {
		one = &s.scenarios[u.scenario]
	}
	switch {
	case u.failed != "":
		s.fail(u)
		one.failed++
	case !last:
		s.interrupted++
		one.interrupted++
	default:
		s.finished++
		s.durations.Record((now - u.begun) / 1000)
		if one.finished++; one.durations != nil {
			one.durations.Record((now - u.begun) / 1000)
		}
	}
}

// fail counts a user's iteration, and the groups that it was in, as failed.
func (s *userStats) fail(u *user) {
	s.failed++
	s.because(u.message, u.failed)
	for i, start := range u.groups {
		if start != never {
			s.groups[i].failed++
		}
	}
}

// because counts the reason of a failed iteration.
func (s *userStats) because(message int32, why string) {
	f := failure{message, why}
	if _, known := s.failures[f]; known || len(s.failures) < maxFailures {
		s.failures[f]++
	}
}

func (s *userStats) reset() {
	if s.durations == nil {
		return
	}
	*s = userStats{durations: s.durations, checks: s.checks, groups: s.groups, scenarios: s.scenarios, failures: s.failures}
	s.durations.Reset()
	clear(s.checks)
	for i := range s.groups {
		s.groups[i].time.Reset()
		s.groups[i].failed = 0
	}
	for i := range s.scenarios {
		d := s.scenarios[i].durations
		d.Reset()
		s.scenarios[i] = scenarioStats{durations: d}
	}
	clear(s.failures)
}

// iterations merges the loops' counts of users.
func (c *collector) iterations(s *loadgen.Snapshot, round []*stats) {
	p := c.engine.script.Program
	if p == nil {
		return
	}
	s.Users, s.IterationTime = 0, hdr.New()
	checks := make([]checkCount, len(p.Checks))
	failures := map[failure]int64{}
	for _, part := range round {
		u := &part.users
		s.Users += u.alive
		s.IterationTime.Merge(u.durations)
		for i := range u.checks {
			checks[i].passed += u.checks[i].passed
			checks[i].failed += u.checks[i].failed
		}
		for f, n := range u.failures {
			failures[f] += n
		}
	}
	s.Groups, s.Scenarios = c.groups(round), c.scenarios(round)
	for i, n := range checks {
		if n.passed+n.failed > 0 {
			s.Checks = append(s.Checks, loadgen.CheckCount{Step: p.Checks[i].Step, Check: p.Checks[i].Check, Passed: n.passed, Failed: n.failed})
		}
	}
	for f, n := range failures {
		step := ""
		if f.message >= 0 {
			step = p.Messages[f.message].Name
		}
		s.Failures = append(s.Failures, loadgen.IterationFailure{Step: step, Reason: f.why, Count: n})
	}
	slices.SortFunc(s.Failures, func(a, b loadgen.IterationFailure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Step, b.Step), cmp.Compare(a.Reason, b.Reason))
	})
}

// groups merges the loops' measurements of groups of steps.
func (c *collector) groups(round []*stats) (list []loadgen.Group) {
	for i, name := range c.engine.script.Program.Groups {
		g := loadgen.Group{Name: name, Time: hdr.New()}
		for _, part := range round {
			g.Failed += part.users.groups[i].failed
			g.Time.Merge(part.users.groups[i].time)
		}
		if g.Failed+g.Time.Count() > 0 {
			list = append(list, g)
		}
	}
	return list
}

// scenarios merges the loops' counts of iterations by scenario; nil: there is only one.
func (c *collector) scenarios(round []*stats) (list []loadgen.ScenarioCount) {
	if round[0].users.scenarios == nil {
		return nil
	}
	for i, name := range c.engine.script.Program.Names {
		n := loadgen.ScenarioCount{Name: name, Time: hdr.New()}
		for _, part := range round {
			one := &part.users.scenarios[i]
			n.Users += one.alive
			n.Started += one.started
			n.Finished += one.finished
			n.Failed += one.failed
			n.Interrupted += one.interrupted
			n.Dropped += one.dropped
			n.Time.Merge(one.durations)
		}
		list = append(list, n)
	}
	return list
}
