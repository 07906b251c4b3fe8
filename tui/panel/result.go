package panel

import (
	"strings"

	"landfall/node/capacity"
	"landfall/node/figures"
	"landfall/node/report"
	"landfall/node/report/render"
	"landfall/tui/style"
)

// certify adds the result of a search, whose rate and p99 are those of the capacity that it found.
func (p *Past) certify(c *capacity.Certificate) {
	if c == nil {
		return
	}
	p.capacity, p.rate, p.p99 = c, c.RateRPS, 0
	for _, probe := range c.Curve() {
		if probe.RateRPS == c.RateRPS && probe.Holds {
			p.p99 = float64(probe.P99US)
		}
	}
}

// found reports whether a run is a search that found a capacity.
func (p *Past) found() bool {
	return p.capacity != nil && p.capacity.RateRPS > 0 && p.Outcome == string(report.Finished)
}

// Headline returns the outcome of a run or, of a search, the capacity that it found, in capitals and with its sign.
func (p *Past) Headline(st *style.Sheet) string {
	words := p.sign(st) + " " + strings.ToUpper(p.Outcome)
	if p.found() {
		words = p.sign(st) + " CAPACITY "
	}
	if c := p.capacity; c != nil && c.RateRPS > 0 {
		if !p.found() { // what a search had found when it was stopped
			words += ", CAPACITY "
		}
		switch {
		case c.AtLeast:
			words += "AT LEAST "
		case !c.Confirmed:
			words += "ABOUT "
		}
		words += figures.ShortRate(c.RateRPS)
	}
	return p.pen(st).Paint(words)
}

// word returns the outcome of a run, with its sign.
func (p *Past) word(st *style.Sheet) string {
	if p.found() {
		return p.sign(st) + " capacity"
	}
	return outcomeText(st, p.Outcome)
}

func (p *Past) sign(st *style.Sheet) string {
	switch {
	case !p.found():
		return OutcomeSign(st, p.Outcome)
	case p.capacity.Confirmed:
		return st.Glyph("✓", "+")
	}
	return st.Glyph("▲", "!")
}

func (p *Past) pen(st *style.Sheet) style.Pen {
	switch {
	case !p.found():
		return OutcomePen(st, p.Outcome)
	case p.capacity.Confirmed:
		return st.Good
	}
	return st.Warn
}

// headline returns the headline of a report.
func headline(st *style.Sheet, r *report.Report) string {
	p := Past{Outcome: string(r.Outcome), capacity: r.Capacity}
	return p.Headline(st)
}

// searchLines returns the card of a search: the capacity, what else is known about it, and possible next actions. Percentiles of the whole
// run would mix many rates.
func searchLines(st *style.Sheet, r *report.Report, keys string, w, h int) []string {
	lines := outcomeLines(st, r)
	for _, line := range render.CertificateLines(r.Capacity) {
		lines = append(lines, wrapped(st, "", st.Dim, line, w)...)
	}
	lines = append(lines, "")
	return append(lines[:max(1, min(len(lines), h-1))], keys)
}
