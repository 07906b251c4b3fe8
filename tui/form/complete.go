package form

import (
	"slices"
	"strings"
	"unicode/utf8"

	"landfall/loadgen/condition"
)

// beginnings are conditions without their bound, the most common first.
var beginnings = []string{"p99<", "p95<", "p50<", "p90<", "p99.9<", "max<", "mean<", "failed<", "errors<", "unexpected<", "dropped<", "rate>=", "checks>=", "coverage>=", "requests>=", "responses>=", "unknown<",
	"service.p99<", "lag.p99<", "iteration.p95<"}

// Completions returns completions of the condition being typed; nil: there are none.
func (f *Form) Completions() []string {
	at := f.Fields[f.At]
	text := at.input.Value()
	if at.Name != "thresholds" && at.Name != "slo" || at.input.Position() != utf8.RuneCountInString(text) {
		return nil
	}
	return completions(text[lastWord(text):], at.Name == "thresholds")
}

// Complete applies the first completion.
func (f *Form) Complete() {
	list := f.Completions()
	if len(list) == 0 {
		return
	}
	at := f.Fields[f.At]
	text := at.input.Value()
	at.input.SetValue(text[:lastWord(text)] + list[0])
	at.input.CursorEnd()
}

// lastWord returns the index of the last condition in a text; commas in braces belong to a condition.
func lastWord(text string) int {
	if open := strings.LastIndexByte(text, '{'); open > strings.LastIndexByte(text, '}') {
		return strings.LastIndexAny(text[:open], " ,!") + 1
	}
	return strings.LastIndexAny(text, " ,!") + 1
}

// completions returns the conditions that a prefix can become, with labels where they are allowed.
func completions(word string, labels bool) (list []string) {
	if metric, label, inside := strings.Cut(word, "{"); inside && labels {
		typed := label[strings.LastIndexByte(label, ',')+1:]
		for _, name := range condition.LabelNames {
			if strings.HasPrefix(name, typed) && typed != name {
				if whole := metric + "{" + strings.TrimSuffix(label, typed) + strings.TrimSuffix(name, "NAME") + ending(name); whole != word {
					list = append(list, whole)
				}
			}
		}
		return list
	}
	for _, b := range beginnings {
		if strings.HasPrefix(b, word) && b != word {
			list = append(list, b)
		}
	}
	return slices.Clip(list)
}

// ending returns what follows a label's name; the name of a driver's own label is typed first.
func ending(label string) string {
	if strings.HasSuffix(label, "NAME") {
		return ""
	}
	return "="
}
