package loadgen

import (
	"slices"
	"strconv"
	"strings"
)

// Label is the check's name, or its condition in words.
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

// CheckNames are the labels of all checks of scenarios, each once, in their order.
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
		names = checkNames(checkNames(names, s.Steps), s.Else)
		for _, b := range s.Choose {
			names = checkNames(names, b.Steps)
		}
	}
	return names
}
