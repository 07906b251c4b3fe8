package importer

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// matching is a text that matches a simple pattern and has a length between two bounds; ok is false if none was found. Patterns
// are of JavaScript: what RE2 does not know is not matched.
func matching(pattern string, least, most int) (text string, ok bool) {
	if pattern == "" {
		return "", false
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	check, err2 := regexp.Compile(pattern)
	if err != nil || err2 != nil {
		return "", false
	}
	for _, extra := range []int{0, 1, least} { // repetitions beyond the least: some patterns need them for the length
		w := matchWriter{extra: extra, most: most, steps: maxMatchSteps}
		if !w.write(re) {
			return "", false
		}
		if text = w.String(); len(text) >= least && len(text) <= most && check.MatchString(text) {
			return text, true
		}
	}
	return "", false
}

// maxMatchSteps bounds the work for a pattern, whose repetitions may be nested and empty.
const maxMatchSteps = 10_000

// matchWriter writes a text that an expression matches.
type matchWriter struct {
	strings.Builder
	extra int // repetitions beyond the least
	most  int // bytes
	steps int // left
}

// write writes a text for a part of the expression; false: it is too long.
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
	return w.Len() <= w.most
}

func repetitions(re *syntax.Regexp, extra int) int {
	least, most := re.Min, re.Max
	switch re.Op {
	case syntax.OpStar:
		least, most = 0, -1
	case syntax.OpPlus:
		least, most = 1, -1
	case syntax.OpQuest:
		least, most = 0, 1
	}
	if most < 0 {
		return least + extra
	}
	return min(least+extra, most)
}

// pickRune is one of a class, a letter or digit if it has one.
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
