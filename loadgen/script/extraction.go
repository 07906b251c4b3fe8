package script

import (
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/extract"
	"landfall/loadgen/field"
)

// extraction compiles one entry of a step's extract.
func (c *flow) extraction(at, name string, e loadgen.Extract, m *Message) error {
	if err := checkName(at, name); err != nil {
		return err
	}
	source, text, n := extract.Status, "", 0
	for i, given := range []string{e.JSON, e.Regex, e.Header, e.Cookie} {
		part := e.Regex != "" && (e.Header != "" || e.Cookie != "") && extract.Source(i) == extract.Regex
		if given != "" && !part {
			source, text, n = extract.Source(i), given, n+1
		}
	}
	if e.Status {
		n++
	}
	pick := max(slices.Index(extract.Picks, e.Pick), 0)
	switch {
	case n != 1:
		return field.Wrong(at, "", "must have exactly one of json, regex, header, cookie and status")
	case e.Pick != "" && !slices.Contains(extract.Picks, e.Pick):
		return field.Wrong(at+".pick", e.Pick, "must be one of %s", strings.Join(extract.Picks, ", "))
	case e.Group != nil && (e.Regex == "" || *e.Group < 0):
		return field.Wrong(at+".group", *e.Group, "must be the number of a capture group of regex")
	}
	group := -1
	if e.Group != nil {
		group = *e.Group
	}
	rule, err := extract.New(source, text, group, extract.Pick(pick))
	if err != nil {
		return field.Wrong(at, text, "%v", err)
	}
	if e.Regex != "" && source != extract.Regex {
		if err := rule.Within(e.Regex, group); err != nil {
			return field.Wrong(at+".regex", e.Regex, "%v", err)
		}
	}
	if e.HTML {
		rule.ResolveHTML()
	}
	m.NeedsBody = m.NeedsBody || rule.Body()
	m.NeedsHead = m.NeedsHead || rule.Head()
	m.Extracts = append(m.Extracts, Extraction{Name: name, Rule: rule, Default: e.Default})
	return nil
}

// Extraction sets a variable from a response.
type Extraction struct {
	Name    string
	Slot    int
	Rule    *extract.Rule
	Default *string // nil: a missing value fails the iteration
}
