package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen/field"
	"landfall/node/report/baseline"
)

// Gate is a condition on a comparison, such as "p99>+10%", "failed{request=login}>+0.5%" or "worse".
type Gate struct {
	Expr    string
	figure  string // "": any figure that is worse
	request string
	bound   float64 // as a change: 0.1 is 10 %, or ten points of a share
}

var gateForm = field.Pattern(`^\s*([a-z0-9.]+)\s*(?:\{\s*(?:request|step)\s*=\s*([^}]+?)\s*\}\s*)?([<>])\s*([+-]?)([0-9.]+)\s*%\s*$`)

// ParseGate parses a condition on a comparison.
func ParseGate(expr string) (Gate, error) {
	if strings.TrimSpace(expr) == "worse" {
		return Gate{Expr: expr}, nil
	}
	m := gateForm().FindStringSubmatch(expr)
	wrong := fmt.Errorf("%q: must be like p99>+10%%, failed>+0.5%% (in points), rate<-5%% or worse; figures are %s", expr, strings.Join(baseline.Figures(), ", "))
	if m == nil || !slices.Contains(baseline.Figures(), m[1]) {
		return Gate{}, wrong
	}
	bound, err := strconv.ParseFloat(m[5], 64)
	if err != nil || math.IsInf(bound, 0) || (m[3] == "<") != (m[4] == "-") {
		return Gate{}, wrong
	}
	if m[4] == "-" {
		bound = -bound
	}
	return Gate{Expr: expr, figure: m[1], request: strings.Trim(m[2], `"`), bound: bound / 100}, nil
}

// Crossed describes why a comparison does not pass the gate; "": it passes. Only changes beyond the noise
// count. A comparison without a verdict proves nothing, so it does not pass.
func (g Gate) Crossed(c *Comparison) string {
	if c.NoVerdict != "" {
		return "no verdict: " + c.NoVerdict
	}
	found := g.figure == ""
	for _, d := range c.Differences {
		switch {
		case g.figure == "" && d.Request == "" && d.Verdict == baseline.Worse:
			return d.Figure + " " + d.Text
		case g.figure == d.Figure && g.request == d.Request:
			found = true
			if d.Verdict != baseline.Same && g.beyond(d.Change) {
				return d.Figure + " " + d.Text
			}
		}
	}
	if !found {
		return "nothing was measured"
	}
	return ""
}

func (g Gate) beyond(change float64) bool {
	if g.bound < 0 {
		return change < g.bound
	}
	return change > g.bound
}
