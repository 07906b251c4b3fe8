package panel

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"landfall/node"
	"landfall/node/findings"
	"landfall/tui/style"
)

// findingsInVerdict is the maximum number of findings on the verdict card.
const findingsInVerdict = 2

// FindingLines renders findings in w columns: what was found, the evidence and what to check next.
func FindingLines(st *style.Sheet, list []findings.Finding, w int) (lines []string) {
	if len(list) == 0 {
		return []string{"", st.Dim.Paint("Nothing was found that explains the figures.")}
	}
	for _, f := range list {
		sign, ink := findingLook(st, f.Severity)
		lines = append(lines, "", ink.Paint(sign)+" "+st.Bold.Paint(node.Clean(f.What, 300)))
		lines = append(lines, wrapped(st, "  ", st.Dim, f.Evidence, w)...)
		lines = append(lines, wrapped(st, "  "+st.Glyph("→", ">")+" ", st.Accent, f.Next, w)...)
	}
	return lines
}

// newFindings returns the findings that no warning states already.
func newFindings(list []findings.Finding, warnings []string) []findings.Finding {
	return slices.DeleteFunc(slices.Clone(list), func(f findings.Finding) bool {
		return slices.ContainsFunc(warnings, func(warning string) bool { return strings.HasPrefix(warning, f.What) })
	})
}

// findingsShort renders the strongest findings, each in one or two lines.
func findingsShort(st *style.Sheet, list []findings.Finding, w int) (lines []string) {
	for _, f := range list[:min(len(list), findingsInVerdict)] {
		sign, ink := findingLook(st, f.Severity)
		text := strings.Split(ansi.Wrap(node.Clean(f.What, 300), w-2, ""), "\n")
		lines = append(lines, ink.Paint(sign)+" "+text[0])
		if len(text) > 1 {
			lines = append(lines, "  "+ansi.Truncate(strings.Join(text[1:], " "), w-2, "…"))
		}
	}
	return lines
}

func wrapped(st *style.Sheet, lead string, ink style.Pen, text string, w int) (lines []string) {
	if text == "" {
		return nil
	}
	for i, part := range strings.Split(ansi.Wrap(node.Clean(text, 600), max(10, w-style.Width(lead)), ""), "\n") {
		if i > 0 {
			lead = style.Spaces(style.Width(lead))
		}
		lines = append(lines, lead+ink.Paint(part))
	}
	return lines
}

func findingLook(st *style.Sheet, s findings.Severity) (string, style.Pen) {
	switch s {
	case findings.Serious, findings.Invalid:
		return st.Glyph("✖", "x"), st.Bad
	case findings.Warning:
		return st.Glyph("▲", "!"), st.Warn
	}
	return st.Glyph("◆", "+"), st.Accent
}
