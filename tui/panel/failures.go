package panel

import (
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/report"
	"landfall/node/report/render"
	"landfall/tui/style"
)

// Maximum size of a response that is shown.
const (
	headLines = 12
	bodyLines = 6
)

// FailureLines lists why requests of a run failed and, for each kind, the first exchange; then the slowest requests. Lines are as wide as
// their content, and can be scrolled.
func FailureLines(st *style.Sheet, r *report.Report, w int) (lines []string) {
	if len(r.Failures)+len(r.Exchanges) == 0 {
		lines = append(lines, "", st.Good.Paint("No request failed."))
	}
	if len(r.Failures) > 0 || r.Unexpected > 0 {
		lines = append(lines, "", st.Title.Paint("Reasons"))
	}
	reason := func(n int64, class, why string) {
		lines = append(lines, st.Bad.Paint(style.RightCell(figures.Count(n), 12))+"  "+st.Dim.Paint(style.Cell(class, 10))+" "+node.Clean(why, 200))
	}
	for _, f := range r.Failures {
		reason(f.Count, string(f.Class), f.Why)
	}
	if r.Unexpected > 0 && len(r.UnexpectedBy) == 0 {
		reason(r.Unexpected, "unexpected", render.UnexpectedNote(r))
	}
	for _, u := range render.UnexpectedReasons(r) {
		reason(u.Count, "unexpected", u.Why)
	}
	for _, group := range r.Failing() {
		e := &group[0]
		lines = append(lines, "")
		lines = append(lines, wrapped(st, st.Glyph("✖ ", "x "), st.Bold, render.ExchangeTitle(e), w)...)
		lines = append(lines, quoted(st, "> ", e.Sent, headLines)...)
		lines = append(lines, quoted(st, "< ", e.Head, headLines)...)
		lines = append(lines, quoted(st, "  ", e.Body, bodyLines)...)
	}
	if len(r.Slowest) > 0 {
		lines = append(lines, "", st.Title.Paint("Slowest"))
	}
	for i := range r.Slowest {
		lines = append(lines, "  "+node.Clean(render.SlowTitle(&r.Slowest[i]), 200))
	}
	return lines
}

func quoted(st *style.Sheet, lead string, text []string, most int) (lines []string) {
	for _, line := range text[:min(len(text), most)] {
		lines = append(lines, "    "+st.Dim.Paint(lead+node.Clean(line, 400)))
	}
	if n := len(text) - most; n > 0 {
		lines = append(lines, "    "+st.Faint.Paint(lead+"and "+figures.Plural(int64(n), "more line")))
	}
	return lines
}
