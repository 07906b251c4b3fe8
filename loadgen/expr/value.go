package expr

import (
	"math"
	"strconv"
	"strings"
)

// Value is a string, a number or a boolean.
type Value struct {
	text   string
	number float64
	kind   valueKind
}

type valueKind uint8

const (
	kindText valueKind = iota
	kindNumber
	kindTruth
)

// String returns a string value. Strings that are numbers compare and compute as numbers.
func String(s string) Value { return Value{text: s} }

// Number returns a number value.
func Number(f float64) Value { return Value{number: f, kind: kindNumber} }

func truth(b bool) Value {
	if b {
		return Value{number: 1, kind: kindTruth}
	}
	return Value{kind: kindTruth}
}

// True reports whether the value is true: strings except "", "false", "0" and "null", and numbers except 0.
func (v Value) True() bool {
	if v.kind != kindText {
		return v.number != 0
	}
	return v.text != "" && v.text != "false" && v.text != "0" && v.text != "null"
}

// Text returns the value as a string.
func (v Value) Text() string {
	switch v.kind {
	case kindText:
		return v.text
	case kindTruth:
		return strconv.FormatBool(v.number != 0)
	}
	return strconv.FormatFloat(v.number, 'f', -1, 64)
}

// asNumber returns the value as a number, if it is one.
func (v Value) asNumber() (float64, bool) {
	if v.kind != kindText {
		return v.number, v.kind == kindNumber
	}
	if v.text == "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(v.text), 64)
	return f, err == nil && !math.IsNaN(f)
}

// compare orders two values: numbers numerically, everything else as strings.
func compare(a, b Value) int {
	x, ok := a.asNumber()
	y, also := b.asNumber()
	if !ok || !also {
		return strings.Compare(a.Text(), b.Text())
	}
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// arithmetic computes with two numbers; + concatenates unless both are numbers. Anything else that is not a
// number counts as 0.
func arithmetic(op string, a, b Value) Value {
	x, ok := a.asNumber()
	y, also := b.asNumber()
	if op == "+" && (!ok || !also) {
		return String(a.Text() + b.Text())
	}
	switch op {
	case "+":
		return Number(x + y)
	case "-":
		return Number(x - y)
	case "*":
		return Number(x * y)
	case "%":
		return Number(math.Mod(x, y))
	}
	return Number(x / y)
}
