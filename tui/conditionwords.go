package tui

import "landfall/node/figures"

// conditionWords is a condition with its value, and a sign of whether it is met.
func conditionWords(st *styles, c condition) string {
	if c.met {
		return st.good.paint(st.glyph("✓", "+")) + " " + c.expr + " " + st.dim.paint(c.value)
	}
	return st.bad.paint(st.glyph("✖", "x") + " " + c.expr + " " + c.value)
}

// conditionsShort is all of them in a few columns: those that are not met, or how many are.
func conditionsShort(st *styles, list []condition) string {
	for _, c := range list {
		if !c.met {
			return conditionWords(st, c)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return st.good.paint(st.glyph("✓", "+")) + st.dim.paint(" "+figures.Plural(int64(len(list)), "threshold"))
}
