package trial

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
)

// Only returns a spec with one user who runs one iteration of the named scenario, or of the first one for "". The requests of a spec
// without scenarios become a scenario, in their order.
func Only(spec loadgen.Spec, scenario string) (loadgen.Spec, error) {
	if len(spec.Scenarios) == 0 {
		if scenario != "" {
			return spec, fmt.Errorf("scenario %q: the spec has no scenarios", scenario)
		}
		var err error
		if spec, err = asScenario(spec); err != nil {
			return spec, err
		}
	}
	i := slices.IndexFunc(spec.Scenarios, func(s loadgen.Scenario) bool { return scenario == "" || s.Name == scenario })
	if i < 0 {
		var names []string
		for _, s := range spec.Scenarios {
			names = append(names, s.Name)
		}
		return spec, fmt.Errorf("scenario %q: must be one of %s", scenario, strings.Join(names, ", "))
	}
	one := spec.Scenarios[i]
	spec.Scenarios = []loadgen.Scenario{{Name: one.Name, Steps: one.Steps}} // without a load of its own
	spec.Kind, spec.Users, spec.Count, spec.CountPerDriver, spec.Pace = loadgen.Avalanche, 1, 1, 0, 0
	spec.RateRPS, spec.Delay, spec.Stages, spec.Duration, spec.Arrivals, spec.Connections = 0, 0, nil, 0, "", 0
	spec.SharedConnections, spec.Burst, spec.Thresholds, spec.Capacity = false, false, nil, nil
	return spec.WithDefaults(), nil
}

// asScenario makes a scenario from the requests of a plain spec: each is sent once, on one connection, without cookies.
func asScenario(spec loadgen.Spec) (loadgen.Spec, error) {
	s := loadgen.Scenario{Name: "request"}
	if len(spec.Requests) > 0 {
		s.Name = "requests"
	}
	for _, r := range spec.Whole() {
		step, err := stepOf(spec, r)
		if err != nil {
			return spec, err
		}
		s.Steps = append(s.Steps, step)
	}
	cookies := false
	spec.Scenarios, spec.Cookies = []loadgen.Scenario{s}, &cookies
	spec.Requests, spec.Order, spec.Headers, spec.Body, spec.BodyBase64, spec.Expect = nil, "", nil, "", "", loadgen.Expect{}
	spec.Method, spec.NoKeepalive = "", false
	return spec, nil
}

// stepOf makes a step from a request of a plain spec.
func stepOf(spec loadgen.Spec, r loadgen.Request) (loadgen.Step, error) {
	step := loadgen.Step{Name: r.Name, Headers: r.Headers, Body: r.Body, BodyBase64: r.BodyBase64, Checks: checksOf(r.Expect)}
	field := map[string]*string{
		"GET": &step.Get, "POST": &step.Post, "PUT": &step.Put, "PATCH": &step.Patch, "DELETE": &step.Delete, "HEAD": &step.Head, "OPTIONS": &step.Options,
	}[r.Method]
	if field == nil {
		return step, fmt.Errorf("method %s: a trial supports GET, POST, PUT, PATCH, DELETE, HEAD and OPTIONS; landfall run sends any method", r.Method)
	}
	ref, user := withoutUser(r.URL)
	base, userOfTarget := withoutUser(loadgen.RequestURL(spec.Target))
	if *field = ref; ref == "" {
		*field = base
	}
	if user == nil {
		user = userOfTarget
	}
	if spec.NoKeepalive {
		step.Headers = loadgen.Overlaid(map[string]string{"Connection": "close"}, step.Headers)
	}
	if _, has := loadgen.HeaderOf(step.Headers, "Authorization"); user != nil && !has {
		password, _ := user.Password()
		step.Auth = &loadgen.Auth{Basic: user.Username() + ":" + password}
	}
	return step, nil
}

// withoutUser splits the user off a URL, which may hold placeholders.
func withoutUser(ref string) (rest string, user *url.Userinfo) {
	scheme, after, ok := strings.Cut(ref, "://")
	end := strings.IndexAny(after, "/?#")
	if end < 0 {
		end = len(after)
	}
	at := strings.LastIndex(after[:end], "@")
	if !ok || at < 0 || strings.ContainsAny(scheme, "/?#") {
		return ref, nil
	}
	if u, err := url.Parse("http://" + after[:at] + "@h"); err == nil {
		user = u.User
	}
	return scheme + "://" + after[at+1:], user
}

// checksOf makes checks from the expectations of a plain request.
func checksOf(e loadgen.Expect) (list []loadgen.Check) {
	if len(e.Statuses) > 0 {
		list = append(list, loadgen.Check{Status: strings.Join(loadgen.FormatStatuses(e.Statuses), ",")})
	}
	if e.BodyContains != "" {
		list = append(list, loadgen.Check{BodyContains: e.BodyContains})
	}
	if e.MaxBytes > 0 {
		list = append(list, loadgen.Check{MaxBytes: e.MaxBytes})
	}
	return list
}
