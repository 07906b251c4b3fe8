package expr

import (
	"errors"
	"strings"
	"testing"
)

var names = map[string]int{"price": 0, "name": 1, "empty": 2, "accounts.user": 3}

func place(name string) (int, error) {
	if i, ok := names[name]; ok {
		return i, nil
	}
	return 0, errors.New("no step sets " + name)
}

var scope = &Scope{
	Variables: []string{"99.5", "landfall", "", "ann"}, Status: 201, LatencyMS: 120,
	Header: func(name string) string { return map[string]string{"X-Cache": "HIT from a"}[name] }, Body: []byte("welcome"),
}

func TestConditions(t *testing.T) {
	for text, want := range map[string]bool{
		"price < 100":                             true,
		"price < 99":                              false,
		"price + 1 >= 100.5":                      true,
		"10 - 2 - 3 == 5":                         true,
		"2 + 3 * 4 == 14":                         true,
		"(2 + 3) * 4 == 20":                       true,
		"7 % 4 == 3":                              true,
		"-price < 0":                              true,
		"status == 201":                           true,
		"status >= 200 and status < 300":          true,
		"status == 500 or name == 'landfall'":     true,
		"status == 500 || status == 404":          false,
		"latency < 500ms":                         true,
		"latency < 0.1s":                          false,
		`name contains "and"`:                     true,
		`name startsWith "land"`:                  true,
		`name endsWith 'land'`:                    false,
		`name matches "^l.*l$"`:                   true,
		`header("X-Cache") matches "^HIT"`:        true,
		`header("X-None") == ""`:                  true,
		`body contains "come"`:                    true,
		"not (price < 100)":                       false,
		"not price < 100":                         false,
		"!empty":                                  true,
		"empty":                                   false,
		"name":                                    true,
		"true and not false":                      true,
		"len(name) == 8":                          true,
		"accounts.user == \"ann\"":                true,
		"name < 'm'":                              true,
		`"10" > "9"`:                              true, // numbers, though quoted
		"name + 1 == 'landfall1'":                 true,
		"price != 99.5":                           false,
		"empty == 0":                              false,
		"1 == 1 == true":                          true,
		`'it\'s' contains "'"`:                    true,
		"status == 201 and (price > 100 or name)": true,
	} {
		e, err := Compile(text, place)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := e.True(scope); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestWrongConditions(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "unexpected end",
		"price <":                 "unexpected end",
		"price < 100 100":         "number at byte 13",
		"prize < 1":               "no step sets prize",
		"(price":                  "unexpected end",
		"price # 1":               `unexpected "# 1"`,
		"name == 'x":              "closing quote",
		"12x < 1":                 "neither a number nor a duration",
		`name matches price`:      "in quotes",
		`name matches "("`:        "RE2",
		"header(":                 "unexpected end",
		"header('a'":              "unexpected end",
		strings.Repeat("(", 1000): "nested more than",
		strings.Repeat("x", 5000): "at most",
		"price and and":           `no step sets and`,
	} {
		if _, err := Compile(text, place); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %s", text, err, want)
		}
	}
}

func TestUses(t *testing.T) {
	for text, want := range map[string]Uses{
		"price < 1":         {},
		"status == 200":     {Response: true},
		"header('a') == 1":  {Response: true, Head: true},
		"body contains 'a'": {Response: true, Body: true},
	} {
		e, err := Compile(text, place)
		if err != nil || e.Uses() != want {
			t.Errorf("%s: %v %v", text, e, err)
		}
	}
}

func FuzzCompile(f *testing.F) {
	f.Add(`price < 100 and not (header("a") matches "^b" or len(name) + 2 * -1 >= 250ms)`)
	f.Fuzz(func(t *testing.T, text string) {
		if e, err := Compile(text, place); err == nil {
			_ = e.Value(scope).Text()
			e.True(scope)
		}
	})
}

func BenchmarkCondition(b *testing.B) {
	e, _ := Compile("status == 201 and price < 100", place)
	b.ReportAllocs()
	for b.Loop() {
		e.True(scope)
	}
}
