package specfile

import (
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen"
)

func (d *decoder) duration(n ast.Node, v reflect.Value, path string) error {
	text, ok := textOf(n)
	var value loadgen.Duration
	if !ok || value.UnmarshalText([]byte(strings.TrimSpace(text))) != nil {
		return d.at(n, "%s %s: must be a number with a unit, such as 250ms, 10s or 1m30s", path, shown(n))
	}
	v.SetInt(int64(value))
	return nil
}

// scalar fills a string, a number or a boolean.
func (d *decoder) scalar(n ast.Node, v reflect.Value, path string) error {
	text, ok := textOf(n)
	if v.Kind() == reflect.String {
		if !ok {
			return d.at(n, "%s: must be a string", path)
		}
		v.SetString(text)
		return nil
	}
	want, err := setNumber(v, strings.ReplaceAll(strings.TrimSpace(text), "_", ""))
	if !ok || err != nil {
		return d.at(n, "%s %s: must be %s", path, shown(n), want)
	}
	return nil
}

// setNumber parses text as the type of v, and returns a description of that type.
func setNumber(v reflect.Value, text string) (want string, err error) {
	switch v.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		v.SetBool(b)
		return "true or false", err
	case reflect.Uint64:
		u, err := strconv.ParseUint(text, 10, 64)
		v.SetUint(u)
		return "a whole number of at least 0", err
	case reflect.Float64:
		f, err := strconv.ParseFloat(text, 64)
		if err == nil && !finite(f) {
			err = strconv.ErrRange
		}
		v.SetFloat(f)
		return "a number", err
	}
	i, err := wholeNumber(text)
	if err == nil && v.OverflowInt(i) {
		err = strconv.ErrRange
	}
	v.SetInt(i)
	return "a whole number", err
}

// wholeNumber parses integers such as 1000000 and 1e6.
func wholeNumber(s string) (int64, error) {
	i, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		return i, nil
	}
	if f, e := strconv.ParseFloat(s, 64); e == nil && f == float64(int64(f)) && f > -1e15 && f < 1e15 {
		return int64(f), nil
	}
	return 0, err
}

// finite reports whether JSON can represent v.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
