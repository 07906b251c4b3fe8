package template

import (
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"
)

// Encoding is an encoding of filled in values, chosen such that the receiver decodes the original value: "R&D" in a query is written as
// "R%26D", O"Brien in a JSON string as "O\"Brien".
type Encoding uint8

// The encodings.
const (
	Verbatim    Encoding = iota // unchanged
	HeaderValue                 // unchanged, without control characters
	URLPart                     // percent-encoded (RFC 3986 section 2.1) except unreserved characters: for a path segment, query or form
	URLText                     // percent-encoded only where a request target must not hold the character: / ? & = and escapes are kept
	JSONString                  // escaped as in a JSON string (RFC 8259 section 7)
)

// Valid reports whether the encoding can represent a value: [HeaderValue] cannot represent control characters.
func (e Encoding) Valid(value string) bool {
	return e != HeaderValue || httpguts.ValidHeaderFieldValue(value)
}

// Append appends an encoded value. It allocates only if dst must grow.
func (e Encoding) Append(dst []byte, value string) []byte { return appendEncoded(dst, value, e) }

func (e Encoding) appendBytes(dst, value []byte) []byte { return appendEncoded(dst, value, e) }

func appendEncoded[T string | []byte](dst []byte, value T, e Encoding) []byte {
	if e == Verbatim || Unreserved(value) {
		return append(dst, value...)
	}
	switch e {
	case URLPart:
		return appendPercent(dst, value, &unreserved, false)
	case URLText:
		return appendPercent(dst, value, &inTarget, true)
	case JSONString:
		return appendJSON(dst, value)
	}
	return appendHeader(dst, value)
}

const hexDigits = "0123456789ABCDEF"

// asciiSet is a set of ASCII characters, one bit each.
type asciiSet [2]uint64

func newASCIISet(chars string) (s asciiSet) {
	for i := range len(chars) {
		s[chars[i]>>6] |= 1 << (chars[i] & 63)
	}
	return s
}

func (s *asciiSet) has(c byte) bool { return c < 0x80 && s[c>>6]>>(c&63)&1 == 1 }

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

var (
	unreserved = newASCIISet(alphanumeric + "-._~")
	inTarget   = newASCIISet(alphanumeric + "-._~:/?[]@!$&'()*+,;=")
)

// appendPercent percent-encodes the bytes that are not in plain. With escapes, the escapes in s are kept.
func appendPercent[T string | []byte](dst []byte, s T, plain *asciiSet, escapes bool) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case plain.has(c), escapes && isEscape(s[i:]):
			dst = append(dst, c)
		default:
			dst = append(dst, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return dst
}

func isEscape[T string | []byte](s T) bool {
	return len(s) > 2 && s[0] == '%' && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// Unreserved reports whether a value has only letters, digits, - . _ and ~, which every encoding writes unchanged.
func Unreserved[T string | []byte](value T) bool {
	for i := range len(value) {
		if !unreserved.has(value[i]) {
			return false
		}
	}
	return true
}

// appendHeader drops the control characters that a header value must not have (RFC 9110 section 5.5).
func appendHeader[T string | []byte](dst []byte, s T) []byte {
	for i := range len(s) {
		if c := s[i]; c >= ' ' && c != 0x7f || c == '\t' {
			dst = append(dst, c)
		}
	}
	return dst
}

// appendJSON escapes a string. It replaces invalid UTF-8 by U+FFFD.
func appendJSON[T string | []byte](dst []byte, s T) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
			dst = utf8.AppendRune(dst, r)
			i += n - 1
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// EscapeURL percent-encodes the characters that a request target must not hold.
func EscapeURL(text string) string { return string(URLText.Append(nil, text)) }
