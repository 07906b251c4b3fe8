package expr

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenText
	tokenName
	tokenOperator
)

type token struct {
	kind   tokenKind
	text   string // of a name or an operator, or a string without its quotes
	number float64
	at     int // byte offset in the expression
}

// operators are sorted so that longer ones match first.
var operators = []string{"==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "+", "-", "*", "/", "%", ",", "[", "]"}

// lex splits an expression into tokens.
func lex(text string) ([]token, error) {
	var list []token
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '"' || c == '\'':
			value, n, err := quoted(text[i:])
			if err != nil {
				return nil, fmt.Errorf("%w at %q", err, text[i:])
			}
			list, i = append(list, token{tokenText, value, 0, i}), i+n
		case c >= '0' && c <= '9':
			n := span(text[i:], func(c byte) bool { return isNameByte(c) || c == '.' })
			value, err := number(text[i : i+n])
			if err != nil {
				return nil, err
			}
			list, i = append(list, token{tokenNumber, "", value, i}), i+n
		case isNameByte(c):
			n := span(text[i:], func(c byte) bool { return isNameByte(c) || c == '.' })
			list, i = append(list, token{tokenName, text[i : i+n], 0, i}), i+n
		default:
			op := operator(text[i:])
			if op == "" {
				return nil, fmt.Errorf("unexpected %q", text[i:])
			}
			list, i = append(list, token{tokenOperator, op, 0, i}), i+len(op)
		}
	}
	return append(list, token{kind: tokenEnd, at: len(text)}), nil
}

func operator(text string) string {
	for _, op := range operators {
		if strings.HasPrefix(text, op) {
			return op
		}
	}
	return ""
}

// number parses 12, 1.5 and durations such as 250ms, whose value is in milliseconds.
func number(text string) (float64, error) {
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v, nil
	}
	if d, err := time.ParseDuration(text); err == nil {
		return float64(d) / float64(time.Millisecond), nil
	}
	return 0, fmt.Errorf("%q is neither a number nor a duration such as 250ms", text)
}

// quoted parses a string in single or double quotes and returns its length including them.
func quoted(text string) (string, int, error) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[0]:
			return b.String(), i + 1, nil
		case c == '\\' && i+1 < len(text) && (text[i+1] == text[0] || text[i+1] == '\\'):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, fmt.Errorf("a string without its closing quote")
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

func span(text string, in func(byte) bool) int {
	n := 0
	for n < len(text) && in(text[n]) {
		n++
	}
	return n
}
