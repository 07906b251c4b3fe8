package loadgen

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"landfall/loadgen/field"
)

// Scenario is the behaviour of virtual users: steps in order. Each user has its own variables, cookies and connection. One pass through
// the steps is an iteration.
type Scenario struct {
	Name   string `json:"name" yaml:"name"`
	Weight int    `json:"weight,omitempty" yaml:"weight,omitempty"` // relative share of the iterations; default 1

	// The scenario's own load, instead of a part of the spec's by weight. Either all scenarios of a spec have one or none has.
	Kind     Kind     `json:"test_type,omitempty" yaml:"kind,omitempty"`       // default: tsunami with a rate, avalanche with users
	RateRPS  float64  `json:"rate_rps,omitempty" yaml:"rate,omitempty"`        // users that start per second in the fleet
	Users    int      `json:"users,omitempty" yaml:"users,omitempty"`          // concurrent users of the fleet
	Stages   []Stage  `json:"stages,omitempty" yaml:"stages,omitempty"`        // instead of a constant rate or number of users
	Start    Duration `json:"start_us,omitempty" yaml:"start,omitempty"`       // time into the run at which the load starts
	Duration Duration `json:"duration_us,omitempty" yaml:"duration,omitempty"` // of the load; 0: until its stages or the run end
	Pace     Duration `json:"pace_us,omitempty" yaml:"pace,omitempty"`         // with users: minimum time between the starts of a user's iterations

	Steps []Step `json:"steps" yaml:"steps"`
}

// Step is one of: a request (get, post, put, patch, delete, head or options), think time, a group, control flow (repeat, while, if or
// choose), or parallel requests. The texts of a request may hold placeholders.
type Step struct {
	Name string `json:"name,omitempty" yaml:"name,omitempty"` // of a request; default: its method and URL

	// The URL, by method: relative to the target, or on its host.
	Get     string `json:"get,omitempty" yaml:"get,omitempty"`
	Post    string `json:"post,omitempty" yaml:"post,omitempty"`
	Put     string `json:"put,omitempty" yaml:"put,omitempty"`
	Patch   string `json:"patch,omitempty" yaml:"patch,omitempty"`
	Delete  string `json:"delete,omitempty" yaml:"delete,omitempty"`
	Head    string `json:"head,omitempty" yaml:"head,omitempty"`
	Options string `json:"options,omitempty" yaml:"options,omitempty"`

	Query      map[string]string  `json:"query,omitempty" yaml:"query,omitempty"`
	Headers    map[string]string  `json:"headers,omitempty" yaml:"headers,omitempty"`
	JSON       json.RawMessage    `json:"json,omitempty" yaml:"json,omitempty"` // a body, at most one of json, form, multipart and body
	Form       map[string]string  `json:"form,omitempty" yaml:"form,omitempty"`
	Multipart  map[string]Part    `json:"multipart,omitempty" yaml:"multipart,omitempty"` // multipart/form-data: values first, then files, by name
	Body       string             `json:"body,omitempty" yaml:"body,omitempty"`
	BodyBase64 string             `json:"body_base64,omitempty" yaml:"body_base64,omitempty"`
	Auth       *Auth              `json:"auth,omitempty" yaml:"auth,omitempty"`
	Extract    map[string]Extract `json:"extract,omitempty" yaml:"extract,omitempty"` // variables to set from the response
	Checks     []Check            `json:"checks,omitempty" yaml:"checks,omitempty"`

	Think  string   `json:"think,omitempty" yaml:"think,omitempty"` // 2s, 1s..3s (uniform) or exp(2s) (exponential)
	Group  string   `json:"group,omitempty" yaml:"group,omitempty"` // name of steps that are timed together
	Repeat int      `json:"repeat,omitempty" yaml:"repeat,omitempty"`
	While  string   `json:"while,omitempty" yaml:"while,omitempty"`
	If     string   `json:"if,omitempty" yaml:"if,omitempty"`
	Steps  []Step   `json:"steps,omitempty" yaml:"steps,omitempty"` // of group, repeat, while and if
	Else   []Step   `json:"else,omitempty" yaml:"else,omitempty"`   // of if
	Choose []Branch `json:"choose,omitempty" yaml:"choose,omitempty"`

	Parallel []Step `json:"parallel,omitempty" yaml:"parallel,omitempty"` // requests that the user sends concurrently, as a browser loads the resources of a page
	Limit    int    `json:"limit,omitempty" yaml:"limit,omitempty"`       // of parallel: maximum number of requests in flight; default 6
}

// AtOnce returns the maximum number of requests of a parallel step that a user has in flight.
func (s *Step) AtOnce() int {
	if s.Limit == 0 {
		return min(defaultLimit, len(s.Parallel))
	}
	return min(s.Limit, len(s.Parallel))
}

// MostAtOnce returns the maximum number of requests that a user of the spec has in flight.
func (s Spec) MostAtOnce() int {
	n := 1
	s.eachStep(func(step *Step) { n = max(n, step.AtOnce()) })
	return n
}

// eachStep visits all steps of scenarios, setup and teardown, including nested ones.
func (s Spec) eachStep(visit func(*Step)) {
	for i := range s.Scenarios {
		eachStep(s.Scenarios[i].Steps, visit)
	}
	eachStep(s.Setup, visit)
	eachStep(s.Teardown, visit)
}

func eachStep(steps []Step, visit func(*Step)) {
	for i := range steps {
		s := &steps[i]
		visit(s)
		for _, inner := range [][]Step{s.Steps, s.Else, s.Parallel} {
			eachStep(inner, visit)
		}
		for _, b := range s.Choose {
			eachStep(b.Steps, visit)
		}
	}
}

// Branch is one of the choices of a choose step, drawn by weight.
type Branch struct {
	Weight int    `json:"weight,omitempty" yaml:"weight,omitempty"` // default 1
	Steps  []Step `json:"steps,omitempty" yaml:"steps,omitempty"`   // may be empty
}

// Part is one part of a multipart body (RFC 7578): a value or, with a file name, a file.
type Part struct {
	Body       string `json:"body,omitempty" yaml:"body,omitempty"`
	BodyBase64 string `json:"body_base64,omitempty" yaml:"body_base64,omitempty"`
	Filename   string `json:"filename,omitempty" yaml:"filename,omitempty"`
	Type       string `json:"type,omitempty" yaml:"type,omitempty"` // Content-Type; default for a file: application/octet-stream
}

// Auth is an Authorization header: basic (user:password) or bearer (a token).
type Auth struct {
	Basic  string `json:"basic,omitempty" yaml:"basic,omitempty"`
	Bearer string `json:"bearer,omitempty" yaml:"bearer,omitempty"`
}

// Extract extracts a value from a response by exactly one of json (a JSONPath), regex (RE2), header, cookie and status. With header or
// cookie, regex selects a part of the value. Without a default, a missing value fails the iteration.
type Extract struct {
	JSON    string  `json:"json,omitempty" yaml:"json,omitempty"`
	Regex   string  `json:"regex,omitempty" yaml:"regex,omitempty"`
	Header  string  `json:"header,omitempty" yaml:"header,omitempty"`
	Cookie  string  `json:"cookie,omitempty" yaml:"cookie,omitempty"`
	Status  bool    `json:"status,omitempty" yaml:"status,omitempty"`
	Group   *int    `json:"group,omitempty" yaml:"group,omitempty"` // capture group of regex; default: the first one, or the whole match if there is none
	HTML    bool    `json:"html,omitempty" yaml:"html,omitempty"`   // resolve character references: &amp; is &
	Pick    string  `json:"pick,omitempty" yaml:"pick,omitempty"`   // first (default), last, random, all or count
	Default *string `json:"default,omitempty" yaml:"default,omitempty"`
}

// Check is a named condition on a response. All of its fields must hold. A response that fails a check is
// unexpected.
type Check struct {
	Name string `json:"name,omitempty" yaml:"name,omitempty"` // default: a description of the condition

	Status       string   `json:"status,omitempty" yaml:"status,omitempty"` // comma-separated statuses (200), classes (2xx) and ranges (200-299)
	MaxLatency   Duration `json:"max_latency_us,omitempty" yaml:"max_latency,omitempty"`
	MaxBytes     int64    `json:"max_bytes,omitempty" yaml:"max_bytes,omitempty"`
	BodyContains string   `json:"body_contains,omitempty" yaml:"body_contains,omitempty"`
	BodyMatches  string   `json:"body_matches,omitempty" yaml:"body_matches,omitempty"` // RE2
	Expr         string   `json:"expr,omitempty" yaml:"expr,omitempty"`

	// A value of the response, by JSONPath or header. It must exist and satisfy the fields below.
	JSON     string  `json:"json,omitempty" yaml:"json,omitempty"`
	Header   string  `json:"header,omitempty" yaml:"header,omitempty"`
	Exists   *bool   `json:"exists,omitempty" yaml:"exists,omitempty"`
	Equals   *string `json:"equals,omitempty" yaml:"equals,omitempty"`
	Contains string  `json:"contains,omitempty" yaml:"contains,omitempty"`
	Matches  string  `json:"matches,omitempty" yaml:"matches,omitempty"` // RE2
}

// NameOf returns the name of a request step: its own, or its method and path, with a number if the name is taken. It adds the name to
// taken.
func (s *Step) NameOf(taken map[string]bool) string {
	name := s.Name
	if name == "" {
		method, ref, _ := s.Request()
		ref, _, _ = strings.Cut(ref, "?") // it may hold secrets
		if len(ref) > 90 {
			ref = strings.ToValidUTF8(ref[:90], "") + "…"
		}
		name = method + " " + ref
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s %s #%d", method, ref, n)
		}
	}
	taken[name] = true
	return name
}

// StepNames returns the names of all requests of the scenarios, in order.
func (s Spec) StepNames() (names []string) {
	taken := map[string]bool{}
	for i := range s.Scenarios {
		names = stepNames(names, s.Scenarios[i].Steps, taken)
	}
	return names
}

// StepsOf returns the names of the requests of one scenario, in order, or nil if there is no such scenario.
func (s Spec) StepsOf(scenario string) (names []string) {
	taken := map[string]bool{}
	for i := range s.Scenarios {
		list := stepNames(nil, s.Scenarios[i].Steps, taken)
		if s.Scenarios[i].Name == scenario {
			names = append(names, list...)
		}
	}
	return names
}

func stepNames(names []string, steps []Step, taken map[string]bool) []string {
	for i := range steps {
		s := &steps[i]
		if method, _, _ := s.Request(); method != "" {
			names = append(names, s.NameOf(taken))
		}
		names = stepNames(stepNames(stepNames(names, s.Steps, taken), s.Else, taken), s.Parallel, taken)
		for _, b := range s.Choose {
			names = stepNames(names, b.Steps, taken)
		}
	}
	return names
}

// GroupNames returns the names of all groups of scenarios, in order.
func (s Spec) GroupNames() (names []string) {
	for i := range s.Scenarios {
		names = groupNames(names, s.Scenarios[i].Steps)
	}
	return names
}

func groupNames(names []string, steps []Step) []string {
	for i := range steps {
		s := &steps[i]
		if s.Group != "" && !slices.Contains(names, s.Group) {
			names = append(names, s.Group)
		}
		names = groupNames(groupNames(names, s.Steps), s.Else)
		for _, b := range s.Choose {
			names = groupNames(names, b.Steps)
		}
	}
	return names
}

// Request returns the step's method and URL, empty if it is not a request. several reports that more than one is set.
func (s *Step) Request() (method, url string, several bool) {
	for _, m := range []struct{ method, url string }{
		{"GET", s.Get}, {"POST", s.Post}, {"PUT", s.Put}, {"PATCH", s.Patch}, {"DELETE", s.Delete}, {"HEAD", s.Head}, {"OPTIONS", s.Options},
	} {
		if m.url != "" {
			several = method != ""
			method, url = m.method, m.url
			if several {
				return method, url, true
			}
		}
	}
	return method, url, false
}

// Dataset is a table that gives each iteration one row. {{name.column}} is a value of that row.
type Dataset struct {
	Rows string `json:"rows" yaml:"rows"`                     // CSV with a header row, or a JSON list of objects
	Pick string `json:"pick,omitempty" yaml:"pick,omitempty"` // sequence (default), random or unique; see [Picks]
}

// Picks are the ways to select an iteration's row. sequence (default): the iterations of the fleet take the rows in order, again and
// again. random: each iteration draws a row. unique: each row is used by one iteration of the fleet, and no iterations start once all rows
// are used.
var Picks = []string{PickSequence, PickRandom, PickUnique}

// The values of [Dataset.Pick].
const (
	PickSequence = "sequence"
	PickRandom   = "random"
	PickUnique   = "unique"
)

// MaxData is the maximum size of all data sets together in a message, in bytes.
const MaxData = 8 << 20

const maxDatasets = 16

func (s Spec) checkData() error {
	if len(s.Data) > maxDatasets {
		return field.Wrong("data", len(s.Data), "must be at most %d", maxDatasets)
	}
	size := 0
	for name, set := range s.Data {
		size += EscapedLen(set.Rows)
		switch at := "data." + name; {
		case set.Rows == "":
			return field.Wrong(at+".rows", "", "must be CSV with a header row, or a JSON list of objects (file: PATH reads them)")
		case set.Pick != "" && set.Pick != PickSequence && set.Pick != PickRandom && set.Pick != PickUnique:
			return field.Wrong(at+".pick", set.Pick, "must be sequence, random or unique")
		}
	}
	if size > MaxData {
		return field.Wrong("data", fmt.Sprintf("%d bytes", size), "all data sets together must have at most %d bytes", MaxData)
	}
	return nil
}

// HasUnique reports whether a data set gives each row to one iteration only.
func (s Spec) HasUnique() bool {
	for _, set := range s.Data {
		if set.Pick == PickUnique {
			return true
		}
	}
	return false
}
