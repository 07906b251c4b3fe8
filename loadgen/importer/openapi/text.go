package openapi

import (
	"bytes"
	"encoding/json"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"landfall/loadgen/importer/draft"
	"landfall/loadgen/template"
)

// templated returns a value as a text with placeholders, for a query, header or form.
func templated(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case generated:
		return string(v)
	case number:
		return "{{" + string(v) + "}}"
	case string:
		return template.Literal(v)
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, templated(item))
		}
		return strings.Join(parts, ",")
	}
	return jsonText(v)
}

// jsonText returns a value as JSON in a text with placeholders. Braces of the value are literal.
func jsonText(v any) string {
	var slots []string
	doc := template.Literal(string(marshal(mapped(v, func(name string) string { return name }, func(leaf any) any {
		switch leaf := leaf.(type) {
		case generated, number:
			slots = append(slots, templated(leaf))
			return draft.Slot(len(slots) - 1)
		}
		return leaf
	}))))
	for n, placeholder := range slots {
		if strings.HasPrefix(placeholder, "{{int ") {
			doc = strings.ReplaceAll(doc, `"`+draft.Slot(n)+`"`, placeholder)
		}
		doc = strings.ReplaceAll(doc, draft.Slot(n), placeholder)
	}
	return doc
}

// jsonTemplate returns a value as a JSON document whose strings hold placeholders.
func jsonTemplate(v any) []byte {
	return marshal(inJSON(v))
}

func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // the value was parsed from JSON
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

func inJSON(v any) any {
	return mapped(v, template.Literal, func(leaf any) any {
		switch leaf := leaf.(type) {
		case generated:
			return string(leaf)
		case number:
			return "{{raw " + string(leaf) + "}}"
		case string:
			return template.Literal(leaf)
		}
		return leaf
	})
}

// mapped returns a copy of a value with its names and leaves replaced.
func mapped(v any, name func(string) string, leaf func(any) any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = mapped(v[i], name, leaf)
		}
		return out
	case object:
		out := make(object, len(v))
		for key := range v {
			out[name(key)] = mapped(v[key], name, leaf)
		}
		return out
	}
	return leaf(v)
}

// matching returns a text of minLen to maxLen bytes that matches a pattern; ok is false if it finds none. Schemas have JavaScript
// patterns: those that RE2 does not support have no match.
func matching(pattern string, minLen, maxLen int) (text string, ok bool) {
	if pattern == "" {
		return "", false
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	check, err2 := regexp.Compile(pattern)
	if err != nil || err2 != nil {
		return "", false
	}
	for _, extra := range []int{0, 1, minLen} { // some patterns reach minLen only with extra repetitions
		w := matchWriter{extra: extra, maxLen: maxLen, steps: maxMatchSteps}
		if !w.write(re) {
			return "", false
		}
		if text = w.String(); len(text) >= minLen && len(text) <= maxLen && check.MatchString(text) {
			return text, true
		}
	}
	return "", false
}

// maxMatchSteps bounds the work for nested repetitions.
const maxMatchSteps = 10_000

// matchWriter writes a text that matches an expression.
type matchWriter struct {
	strings.Builder
	extra  int // repetitions in addition to the minimum
	maxLen int // bytes
	steps  int // remaining
}

// write writes a text that matches re. It returns false if the text is too long or takes too many steps.
func (w *matchWriter) write(re *syntax.Regexp) bool {
	if w.steps--; w.steps < 0 {
		return false
	}
	times, subs := 1, re.Sub
	switch re.Op {
	case syntax.OpLiteral:
		w.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		w.WriteRune(pickRune(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.WriteByte('x')
	case syntax.OpAlternate:
		subs = subs[:1]
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		times = repetitions(re, w.extra)
	}
	for range times {
		for _, sub := range subs {
			if !w.write(sub) {
				return false
			}
		}
	}
	return w.Len() <= w.maxLen
}

func repetitions(re *syntax.Regexp, extra int) int {
	minimum, maximum := re.Min, re.Max
	switch re.Op {
	case syntax.OpStar:
		minimum, maximum = 0, -1
	case syntax.OpPlus:
		minimum, maximum = 1, -1
	case syntax.OpQuest:
		minimum, maximum = 0, 1
	}
	if maximum < 0 {
		return minimum + extra
	}
	return min(minimum+extra, maximum)
}

// pickRune returns a character of a class, preferably a letter or digit.
func pickRune(ranges []rune) rune {
	for _, want := range "ax10AX_-" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= want && want <= ranges[i+1] {
				return want
			}
		}
	}
	if len(ranges) == 0 {
		return 'x'
	}
	return ranges[0]
}
