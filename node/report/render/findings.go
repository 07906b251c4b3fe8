package render

import (
	"fmt"
	"io"

	"landfall/node/findings"
	"landfall/node/report"
)

// writeFindings writes the strongest findings with their figures and advice.
func writeFindings(w io.Writer, r *report.Report, p pen) {
	if len(r.Findings) == 0 {
		return
	}
	heading(w, p, "findings")
	for i, f := range r.Findings {
		if i == findings.Most {
			fmt.Fprintf(w, "  %s\n", p.paint(fmt.Sprintf("… and %d more", len(r.Findings)-i), dim))
			break
		}
		mark, st := severityMark(f.Severity)
		fmt.Fprintf(w, "  %s\n", p.paint(mark+" "+clean(f.What, 160), st))
		fmt.Fprintf(w, "    %s\n", clean(f.Evidence, 240))
		fmt.Fprintf(w, "    %s\n", p.paint("look at: "+clean(f.Next, 200), dim))
	}
}

func severityMark(s findings.Severity) (string, style) {
	switch s {
	case findings.Serious, findings.Invalid:
		return "✖", bad
	case findings.Warning:
		return "▲", warn
	}
	return "●", hue
}
