package node

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes a text from elsewhere safe to show: valid UTF-8, without control, formatting and direction characters, on
// one line, of at most max runes.
func Clean(s string, max int) string {
	if plain(s) && len(s) <= max {
		return s
	}
	var b strings.Builder
	for n, r := 0, rune(0); s != "" && n < max; n++ {
		size := 0
		r, size = utf8.DecodeRuneInString(s)
		s = s[size:]
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs) {
			r = '\uFFFD'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func cleanAll(max int, texts ...*string) {
	for _, t := range texts {
		*t = Clean(*t, max)
	}
}

func cleanList(list []string, most, max int) []string {
	list = list[:min(len(list), most)]
	for i := range list {
		list[i] = Clean(list[i], max)
	}
	return list
}

func cleanMap(m map[string]string, most, max int) map[string]string {
	out := make(map[string]string, min(len(m), most))
	for k, v := range m {
		if len(out) == most {
			break
		}
		out[Clean(k, max)] = Clean(v, max)
	}
	return out
}
