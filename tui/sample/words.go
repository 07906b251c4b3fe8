package sample

import "strings"

// Words is a filter as typed after /: words that must all be found, ignoring case, and words after a ! that must not be found.
type Words string

// match reports whether finds returns true for all words, and false for those after a !.
func (w Words) match(finds func(word string) bool) bool {
	for word := range strings.FieldsSeq(string(w)) {
		word, not := strings.CutPrefix(word, "!")
		if word != "" && finds(word) == not {
			return false
		}
	}
	return true
}

// In reports whether the filter matches texts: each word is searched in all of them.
func (w Words) In(texts ...string) bool {
	return w.match(func(word string) bool { return has(word, texts...) })
}

// has reports whether a word is in one of the texts, ignoring case.
func has(word string, texts ...string) bool {
	word = strings.ToLower(word)
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), word) {
			return true
		}
	}
	return false
}
