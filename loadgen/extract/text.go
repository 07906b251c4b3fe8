package extract

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns a JSON value as a variable holds it: a string without quotes and escapes, anything else verbatim.
func Text(raw []byte) string {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return string(raw)
	}
	inner := raw[1 : len(raw)-1]
	for _, c := range inner {
		if c == '\\' {
			return string(unescape(inner))
		}
	}
	return string(inner)
}

// unescape resolves the escapes of a JSON string (RFC 8259 §7). Invalid escapes only lose their backslash.
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			out = append(out, b[i])
			continue
		}
		i++
		switch b[i] {
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'u':
			r, n := unicodeEscape(b[i+1:])
			out = utf8.AppendRune(out, r)
			i += n
		default: // " \ / and invalid escapes
			out = append(out, b[i])
		}
	}
	return out
}

// unicodeEscape reads what follows \u, including the second half of a surrogate pair, and returns its length.
func unicodeEscape(b []byte) (r rune, n int) {
	first, ok := hex4(b)
	if !ok {
		return utf8.RuneError, 0
	}
	if utf16.IsSurrogate(first) && len(b) >= 10 && b[4] == '\\' && b[5] == 'u' {
		if second, ok := hex4(b[6:]); ok {
			if both := utf16.DecodeRune(first, second); both != utf8.RuneError {
				return both, 10
			}
		}
	}
	return first, 4
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[:4]), 16, 16)
	return rune(n), err == nil
}
