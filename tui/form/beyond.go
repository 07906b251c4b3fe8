package form

import (
	"fmt"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
	"landfall/node"
	"landfall/node/figures"
)

// Parts of a spec without a field in the form. They are sent, so they are shown.

// BeyondFields describes them, one line for each.
func BeyondFields(s loadgen.Spec) []string {
	var lines []string
	if len(s.Requests) > 0 {
		lines = append(lines, "requests "+requestNames(s.Requests))
		s.Requests = nil
	}
	if len(s.Scenarios) > 0 {
		lines = append(lines, "scenarios "+scenarioNames(s))
		s.Scenarios = nil
	}
	for _, resolved := range []struct {
		what   string
		values map[string]string
	}{{"env", s.Env}, {"secret", s.Secrets}} {
		if len(resolved.values) > 0 { // cannot be in a spec file
			lines = append(lines, fmt.Sprintf("%s of {{%s.NAME}}", figures.Plural(int64(len(resolved.values)), "value"), resolved.what))
		}
	}
	s = withoutFields(masked(s))
	text, err := specfile.Marshal(s)
	if err != nil {
		return append(lines, err.Error())
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		name, value, found := strings.Cut(line, ":")
		if !found || strings.HasPrefix(line, " ") || strings.HasPrefix(line, "-") {
			continue // belongs to the line before
		}
		value = strings.TrimSpace(value)
		if strings.HasPrefix(value, "|") || strings.HasPrefix(value, ">") {
			value = ""
		}
		if strings.HasPrefix(value, `"(`) { // our own words, not a value
			value = strings.Trim(value, `"`)
		}
		lines = append(lines, node.Clean(strings.TrimSpace(strings.ReplaceAll(name, "_", " ")+" "+value), 80))
	}
	return lines
}

// requestNames lists a spec's requests by name, each with its weight.
func requestNames(list []loadgen.Request) string {
	var words []string
	for i, r := range list {
		if i == 6 {
			words = append(words, fmt.Sprintf("%d more", len(list)-i))
			break
		}
		words = append(words, fmt.Sprintf("%s %d", node.Clean(r.Name, 24), max(r.Weight, 1)))
	}
	return strings.Join(words, " · ")
}

// withoutFields returns a spec without everything that the form's fields show.
func withoutFields(s loadgen.Spec) loadgen.Spec {
	s.Name, s.Kind, s.Target, s.Method, s.Headers, s.Body = "", "", "", "", nil, ""
	s.RateRPS, s.Delay, s.Stages, s.Count, s.CountPerDriver, s.Duration, s.Capacity = 0, 0, nil, 0, 0, 0, nil
	s.Connections, s.Timeout, s.Thresholds, s.Expect.Statuses = 0, 0, nil, nil
	s.Burst, s.Arrivals, s.NoKeepalive, s.HTTP2, s.Streams, s.TLS.Insecure = false, "", false, false, 0, false
	defaults := loadgen.Spec{}.WithDefaults()
	if s.Patience == defaults.Patience {
		s.Patience = 0
	}
	if s.OrphanTimeout == defaults.OrphanTimeout {
		s.OrphanTimeout = 0
	}
	if s.Order == defaults.Order {
		s.Order = ""
	}
	return s
}

// OnlyFields returns a spec with only what the form's fields show.
func OnlyFields(s *loadgen.Spec) {
	*s = loadgen.Spec{
		Name: s.Name, Kind: s.Kind, Target: s.Target, Method: s.Method, Headers: s.Headers, Body: s.Body, Expect: loadgen.Expect{Statuses: s.Expect.Statuses},
		RateRPS: s.RateRPS, Delay: s.Delay, Stages: s.Stages, Count: s.Count, CountPerDriver: s.CountPerDriver, Duration: s.Duration,
		Connections: s.Connections, Timeout: s.Timeout, Burst: s.Burst, Arrivals: s.Arrivals, NoKeepalive: s.NoKeepalive, HTTP2: s.HTTP2, Streams: s.Streams,
		TLS: loadgen.TLS{Insecure: s.TLS.Insecure}, Thresholds: s.Thresholds, Capacity: s.Capacity,
	}
}

// masked returns a spec without its private key, and with tables and certificates shortened.
func masked(s loadgen.Spec) loadgen.Spec {
	for _, text := range []*string{&s.CSV, &s.TLS.CA, &s.TLS.Cert, &s.BodyBase64} {
		if *text != "" {
			*text = fmt.Sprintf("(%s bytes)", figures.Count(int64(len(*text))))
		}
	}
	if s.TLS.Key != "" {
		s.TLS.Key = "(not shown)"
	}
	return s
}

// scenarioNames lists a spec's scenarios by name, with the number of their requests.
func scenarioNames(s loadgen.Spec) string {
	var names []string
	for i, sc := range s.Scenarios {
		if i == 6 {
			names = append(names, fmt.Sprintf("%d more", len(s.Scenarios)-i))
			break
		}
		name := node.Clean(sc.Name, 24)
		if s.OwnLoads() {
			name += ", " + sc.LoadText()
		}
		names = append(names, name)
	}
	return strings.Join(names, " · ") + " (" + figures.Plural(int64(len(s.StepNames())), "step") + ")"
}
