package panel

import (
	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// conditionWords is a condition with its value, and a sign of whether it is met.
func conditionWords(st *style.Sheet, c sample.Condition) string {
	if c.Met {
		return st.Good.Paint(st.Glyph("✓", "+")) + " " + c.Expr + " " + st.Dim.Paint(c.Value)
	}
	return st.Bad.Paint(st.Glyph("✖", "x") + " " + c.Expr + " " + c.Value)
}

// ConditionsShort is all of them in a few columns: those that are not met, or how many are.
func ConditionsShort(st *style.Sheet, list []sample.Condition) string {
	for _, c := range list {
		if !c.Met {
			return conditionWords(st, c)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return st.Good.Paint(st.Glyph("✓", "+")) + st.Dim.Paint(" "+figures.Plural(int64(len(list)), "threshold"))
}
