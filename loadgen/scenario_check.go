package loadgen

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen/field"
)

// Bounds of scenarios.
const (
	MaxUsers     = 1_000_000 // concurrent users of the fleet
	MaxScenarios = 32
	maxNested    = 16
	maxSteps     = 1000 // of all scenarios together
	maxLimit     = 64   // of Step.Limit
	defaultLimit = 6    // browsers open 6 HTTP/1.1 connections to a host
)

// SetupTime is the maximum time for the setup steps of a driver.
const SetupTime = 40 * time.Second

// defaultUsers is the default limit of concurrent users of a tsunami.
const defaultUsers = 1000

// withScenarioDefaults applies the defaults of a spec with scenarios.
func (s Spec) withScenarioDefaults() Spec {
	if s.Users == 0 && s.Kind == Tsunami {
		s.Users = defaultUsers
	}
	if s.Users == 0 {
		s.Users = int(Schedule(s.Stages).users().Peak())
	}
	if s.Connections == 0 && !s.SharedConnections {
		most := min(s.Loads().MostHeld(), MaxConnections)
		s.Connections = min(max(s.Users+int(math.Ceil(most)), 1), MaxConnections)
	}
	if s.Finish == 0 {
		s.Finish = Duration(30 * time.Second)
	}
	return s
}

// ramped reports whether the stages have numbers of users instead of rates.
func (s Spec) ramped() bool {
	return len(s.Scenarios) > 0 && len(s.Stages) > 0 && slices.ContainsFunc(s.Stages, func(st Stage) bool { return st.Users != 0 })
}

// UserSchedule returns the number of concurrent users of an avalanche over time.
func (s Spec) UserSchedule() []Stage {
	if len(s.Stages) > 0 {
		return Schedule(s.Stages).users()
	}
	n := float64(s.Users)
	return []Stage{{From: &n, To: n}}
}

// users returns the stages with numbers of users as rates.
func (s Schedule) users() Schedule {
	list := make(Schedule, len(s))
	for i, stage := range s {
		list[i] = Stage{Duration: stage.Duration, From: stage.From, To: float64(stage.Users)}
	}
	return list
}

func (s Spec) checkScenarios() error {
	if len(s.Scenarios) == 0 {
		return s.checkNoScenarios()
	}
	switch {
	case len(s.Scenarios) > MaxScenarios:
		return field.Wrong("scenarios", len(s.Scenarios), "must be at most %d", MaxScenarios)
	case len(s.Requests) > 0:
		return field.Wrong("requests", "", "set scenarios or requests, not both")
	case s.Body != "" || s.BodyBase64 != "":
		return field.Wrong("body", "", "set it in a step: the spec has scenarios")
	case s.Method != "GET":
		return field.Wrong("method", s.Method, "set it in a step: the spec has scenarios")
	case s.Capacity != nil:
		return field.Wrong("capacity", "", "a capacity search does not support scenarios")
	case s.NoKeepalive || s.Burst:
		return field.Wrong("scenarios", "", "scenarios do not support no_keepalive and burst")
	case s.Users == 0 && !s.OwnLoads():
		return field.Wrong("users", s.Users, "scenarios need users (at the same time, from 1 to %d in the fleet), stages with users, or rate (users that start per second)", MaxUsers)
	case s.Users < 0 || s.Users > MaxUsers:
		return field.Wrong("users", s.Users, "must be between 1 and %d in the fleet", MaxUsers)
	case s.Pace < 0 || s.Pace.Std() > 24*time.Hour:
		return field.Wrong("pace", s.Pace, "must be between 0 and 24h")
	case s.Pace > 0 && s.Kind == Tsunami:
		return field.Wrong("pace", s.Pace, "users of a tsunami do one iteration each: only an avalanche has a pace")
	case s.Finish.Std() < time.Millisecond || s.Finish.Std() > 24*time.Hour:
		return field.Wrong("finish", s.Finish, "must be between 1ms and 24h")
	case s.Redirects < 0 || s.Redirects > 20:
		return field.Wrong("redirects", s.Redirects, "must be between 0 (not followed) and 20")
	case len(s.Variables) > 256:
		return field.Wrong("variables", len(s.Variables), "must be at most 256")
	}
	for _, check := range []func() error{func() error { return checkUserStages("", s.Kind, s.Stages) }, s.checkData, s.checkOrigins} {
		if err := check(); err != nil {
			return err
		}
	}
	return s.checkSteps()
}

func (s Spec) checkNoScenarios() error {
	for _, only := range []struct {
		name  string
		given bool
	}{
		{"users", s.Users != 0}, {"pace", s.Pace != 0}, {"finish", s.Finish != 0}, {"variables", len(s.Variables) > 0}, {"data", len(s.Data) > 0}, {"hosts", len(s.Hosts) > 0}, {"setup", len(s.Setup) > 0}, {"teardown", len(s.Teardown) > 0},
		{"shared_connections", s.SharedConnections}, {"cookies", s.Cookies != nil},
		{"redirects", s.Redirects != 0}, {"compressed", s.Compressed},
	} {
		if only.given {
			return field.Wrong(only.name, "", "is supported in a spec with scenarios only")
		}
	}
	for i, stage := range s.Stages {
		if stage.Users != 0 {
			return field.Wrong(fmt.Sprintf("stages[%d].users", i), stage.Users, "is supported in a spec with scenarios only")
		}
	}
	return nil
}

// checkUserStages validates that the stages of a tsunami have rates, and those of an avalanche numbers of users.
func checkUserStages(prefix string, kind Kind, stages []Stage) error {
	for i, stage := range stages {
		switch at := fmt.Sprintf("%sstages[%d]", prefix, i); {
		case kind == Tsunami && stage.Users != 0:
			return field.Wrong(at+".users", stage.Users, "stages of a tsunami have rates; users need an avalanche")
		case kind == Avalanche && stage.To != 0:
			return field.Wrong(at+".rate", stage.To, "stages of an avalanche have users; rates need a tsunami")
		case stage.Users < 0 || stage.Users > MaxUsers:
			return field.Wrong(at+".users", stage.Users, "must be between 0 and %d in the fleet", MaxUsers)
		}
	}
	return nil
}

func (s Spec) checkSteps() error {
	names, n := map[string]bool{}, 0
	for i := range s.Scenarios {
		c, at := &s.Scenarios[i], fmt.Sprintf("scenarios[%d]", i)
		switch {
		case c.Name == "" || len(c.Name) > 120 || names[c.Name]:
			return field.Wrong(at+".name", c.Name, "must be set and unique, with at most 120 bytes")
		case c.Weight < 0 || c.Weight > 1e6:
			return field.Wrong(at+".weight", c.Weight, "must be between 1 and 1000000")
		case len(c.Steps) == 0:
			return field.Wrong(at+".steps", "", "must have at least one step")
		}
		names[c.Name] = true
		if err := checkStepList(at+".steps", c.Steps, 0, &n); err != nil {
			return err
		}
	}
	if err := checkStepList("setup", s.Setup, 0, &n); err != nil {
		return err
	}
	return checkStepList("teardown", s.Teardown, 0, &n)
}

func checkStepList(at string, steps []Step, depth int, n *int) error {
	if depth > maxNested {
		return field.Wrong(at, "", "steps can be nested at most %d deep", maxNested)
	}
	for i := range steps {
		if *n++; *n > maxSteps {
			return field.Wrong(at, "", "all scenarios together may have at most %d steps", maxSteps)
		}
		if err := checkStep(fmt.Sprintf("%s[%d]", at, i), &steps[i], depth, n); err != nil {
			return err
		}
	}
	return nil
}

// StepKinds are the fields that select the kind of a step: it must have exactly one of them.
var StepKinds = strings.Fields("get post put patch delete head options think group repeat while if choose parallel")

func checkStep(at string, s *Step, depth int, n *int) error {
	method, _, several := s.Request()
	kinds := 0
	for _, set := range []bool{method != "", s.Think != "", s.Group != "", s.Repeat != 0, s.While != "", s.If != "", len(s.Choose) > 0, len(s.Parallel) > 0} {
		if set {
			kinds++
		}
	}
	nested := s.Group != "" || s.Repeat != 0 || s.While != "" || s.If != ""
	switch {
	case kinds == 0 || kinds > 1 || several:
		return field.Wrong(at, "", "a step must have exactly one of %s", strings.Join(StepKinds, ", "))
	case method == "" && s.hasRequestFields():
		return field.Wrong(at, "", "only requests have name, query, headers, json, form, multipart, body, auth, extract and checks")
	case len(s.Name) > 120:
		return field.Wrong(at+".name", s.Name, "must be at most 120 bytes")
	case len(s.Group) > 120:
		return field.Wrong(at+".group", s.Group, "must be at most 120 bytes")
	case s.Repeat < 0 || s.Repeat > 1_000_000:
		return field.Wrong(at+".repeat", s.Repeat, "must be between 1 and 1000000")
	case nested && len(s.Steps) == 0:
		return field.Wrong(at+".steps", "", "group, repeat, while and if need steps")
	case !nested && len(s.Steps) > 0:
		return field.Wrong(at+".steps", "", "only group, repeat, while and if have steps")
	case s.Limit != 0 && len(s.Parallel) == 0:
		return field.Wrong(at+".limit", s.Limit, "only parallel has a limit")
	case s.Limit < 0 || s.Limit > maxLimit:
		return field.Wrong(at+".limit", s.Limit, "must be between 1 and %d", maxLimit)
	case s.If == "" && len(s.Else) > 0:
		return field.Wrong(at+".else", "", "only if has else")
	}
	if err := checkStepList(at+".steps", s.Steps, depth+1, n); err != nil {
		return err
	}
	if err := checkStepList(at+".else", s.Else, depth+1, n); err != nil {
		return err
	}
	for i := range s.Parallel {
		if method, _, _ := s.Parallel[i].Request(); method == "" {
			return field.Wrong(fmt.Sprintf("%s.parallel[%d]", at, i), "", "parallel supports requests only")
		}
	}
	if err := checkStepList(at+".parallel", s.Parallel, depth+1, n); err != nil {
		return err
	}
	for i, b := range s.Choose {
		in := fmt.Sprintf("%s.choose[%d]", at, i)
		if b.Weight < 0 || b.Weight > 1e6 {
			return field.Wrong(in+".weight", b.Weight, "must be between 1 and 1000000")
		}
		if err := checkStepList(in+".steps", b.Steps, depth+1, n); err != nil {
			return err
		}
	}
	for name, p := range s.Multipart {
		if err := checkBody(at+".multipart."+name+".", p.Body, p.BodyBase64); err != nil {
			return err
		}
	}
	return checkBody(at+".", s.Body, s.BodyBase64)
}

func (s *Step) hasRequestFields() bool {
	return s.Name != "" || len(s.Query) > 0 || len(s.Headers) > 0 || len(s.JSON) > 0 || len(s.Form) > 0 || len(s.Multipart) > 0 || s.Body != "" || s.BodyBase64 != "" ||
		s.Auth != nil || len(s.Extract) > 0 || len(s.Checks) > 0
}

// Label returns the check's name, or a description of its condition.
func (c Check) Label() string {
	if c.Name != "" {
		return c.Name
	}
	var parts []string
	for _, p := range []struct{ word, value string }{
		{"status", c.Status}, {"body contains", c.BodyContains}, {"body matches", c.BodyMatches}, {"", c.Expr}, {"", c.JSON}, {"header", c.Header},
		{"contains", c.Contains}, {"matches", c.Matches},
	} {
		if p.value != "" {
			parts = append(parts, strings.TrimSpace(p.word+" "+p.value))
		}
	}
	if c.Equals != nil {
		parts = append(parts, "is "+*c.Equals)
	}
	if c.Exists != nil && !*c.Exists {
		parts = append(parts, "is missing")
	}
	if c.MaxLatency > 0 {
		parts = append(parts, "within "+c.MaxLatency.String())
	}
	if c.MaxBytes > 0 {
		parts = append(parts, "at most "+strconv.FormatInt(c.MaxBytes, 10)+" bytes")
	}
	text := strings.Join(parts, " ")
	if len(text) > 120 {
		text = strings.ToValidUTF8(text[:117], "") + "…"
	}
	return text
}

// CheckNames returns the labels of all checks of the scenarios, in order and without duplicates.
func (s Spec) CheckNames() (names []string) {
	for i := range s.Scenarios {
		names = checkNames(names, s.Scenarios[i].Steps)
	}
	return names
}

func checkNames(names []string, steps []Step) []string {
	for i := range steps {
		s := &steps[i]
		for _, c := range s.Checks {
			if name := c.Label(); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		names = checkNames(checkNames(checkNames(names, s.Steps), s.Else), s.Parallel)
		for _, b := range s.Choose {
			names = checkNames(names, b.Steps)
		}
	}
	return names
}
