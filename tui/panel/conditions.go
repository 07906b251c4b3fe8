package panel

import (
	"fmt"
	"slices"

	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// conditionWords formats a condition with its value and a sign of whether it is met.
func conditionWords(st *style.Sheet, c sample.Condition) string {
	if c.Met {
		return st.Good.Paint(st.Glyph("✓", "+")) + " " + c.Expr + " " + st.Dim.Paint(c.Value)
	}
	return st.Bad.Paint(st.Glyph("✖", "x") + " " + c.Expr + " " + c.Value)
}

// AllMet reports whether no condition is missed.
func AllMet(list []sample.Condition) bool {
	return !slices.ContainsFunc(list, func(c sample.Condition) bool { return !c.Met })
}

// ConditionsShort summarizes all conditions: the first one that is not met and the number of others, or how many are met.
func ConditionsShort(st *style.Sheet, list []sample.Condition) string {
	var missed []sample.Condition
	for _, c := range list {
		if !c.Met {
			missed = append(missed, c)
		}
	}
	switch n := len(missed); {
	case n == 1:
		return conditionWords(st, missed[0])
	case n > 1:
		return conditionWords(st, missed[0]) + st.Bad.Paint(fmt.Sprintf(" +%d", n-1))
	case len(list) == 0:
		return ""
	}
	return st.Good.Paint(st.Glyph("✓", "+")) + st.Dim.Paint(" "+figures.Plural(int64(len(list)), "threshold"))
}
