package field

import "strings"

// Nearest returns the candidate that a misspelt word most likely means, ignoring case: the one with the fewest edits, at most
// half of the word's letters. It returns "" if none is that near.
func Nearest(word string, candidates []string) string {
	const longest = 64 // a longer word is no misspelling, and not worth the time
	if len(word) > longest {
		return ""
	}
	word = strings.ToLower(word)
	best, least := "", len(word)/2+2
	for _, c := range candidates {
		if len(c) > 2*longest {
			continue
		}
		if n := distance(word, strings.ToLower(c)); n < least {
			best, least = c, n
		}
	}
	return best
}

// distance is the Levenshtein distance: how many bytes must be inserted, deleted or replaced to turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
