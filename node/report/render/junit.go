package render

import (
	"encoding/xml"
	"io"
	"strings"

	"landfall/node/report"
)

// The part of JUnit's XML that CI systems read.
type (
	junitSuite struct {
		XMLName  xml.Name    `xml:"testsuite"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Seconds  float64     `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Seconds float64       `xml:"time,attr"`
		Failure *junitFailure `xml:"failure"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
	}
)

// JUnit writes a test case for the run itself, one for each threshold and, with a comparison, one for each figure of the
// whole run.
func JUnit(w io.Writer, r *report.Report, c *report.Comparison) error {
	s := junitSuite{Name: "landfall", Seconds: float64(r.DurationMS) / 1000}
	add := func(name string, failed bool, text string) {
		one := junitCase{Class: "landfall." + clean(r.Kind, 12), Name: clean(name, 400), Seconds: s.Seconds}
		if failed {
			one.Failure = &junitFailure{Message: clean(text, 400)}
			s.Failures++
		} else {
			one.Output = clean(text, 400)
		}
		s.Cases = append(s.Cases, one)
		s.Tests++
	}
	own := r.Outcome != report.Passed && r.Outcome != report.Finished && !(r.Outcome == report.Failed && r.OnlyCrossed())
	add("run of "+r.Spec.Target, own, strings.Join(r.Reasons, "; "))
	for _, t := range r.Thresholds {
		add(t.Expr, !t.Passed, t.Text())
	}
	if c != nil {
		for _, d := range c.Differences {
			if d.Request == "" {
				add(d.Figure+" against the baseline", d.Verdict == "worse", d.Text)
			}
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	if err := out.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
