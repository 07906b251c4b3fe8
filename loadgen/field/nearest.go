package field

import "strings"

// Nearest returns the candidate with the smallest edit distance from a misspelt word, ignoring case. It returns "" if the distance is
// more than about half the length of the word, or more than 1 for a word of up to three letters.
func Nearest(word string, candidates []string) string {
	const longest = 64 // longer words are not typing errors
	if len(word) > longest {
		return ""
	}
	word = strings.ToLower(word)
	best, bound := "", (len(word)+2)/3+1 // with half of the letters wrong, short words resemble anything
	for _, c := range candidates {
		if len(c) > 2*longest {
			continue
		}
		if n := distance(word, strings.ToLower(c)); n < bound {
			best, bound = c, n
		}
	}
	return best
}

// distance returns the Levenshtein distance: the number of bytes to insert, delete or replace to turn a into b.
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
