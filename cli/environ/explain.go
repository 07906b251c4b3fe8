package environ

import (
	"fmt"
	"strings"

	"landfall/loadgen/field"
)

// Messages of the argument parser about an invalid value, and about the environment variable that holds it.
var (
	badValue = field.Pattern(`^(?:--[a-z0-9-]+: )?(?:expected (a float|duration|an int|a valid [0-9]+ bit u?int|bool)|bool value must be .*) but got "(.*?)"`)
	badPair  = field.Pattern(`expected "<key>=<value>" but got "(.*)"$`)
	badEnum  = field.Pattern(`^(\S+) must be one of (.*) but got "(.*)"$`)
	variable = field.Pattern(`\(from envar ([A-Z0-9_]+)=`)
)

// Explain rewrites a parser error about the value of name, to show the value as given and what is accepted.
func Explain(err error, name string) string {
	text := err.Error()
	if m := badEnum().FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s %q: must be one of %s", m[1], m[3], strings.ReplaceAll(strings.ReplaceAll(m[2], `"`, ""), ",", ", "))
	}
	if m := badPair().FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s %q: must be like NAME=VALUE", name, m[1])
	}
	m := badValue().FindStringSubmatch(text)
	if m == nil {
		return text
	}
	want := "must be a whole number"
	switch m[1] {
	case "a float":
		want = "must be a number"
	case "duration":
		want = "must be a time with its unit, such as 250ms, 10s or 5m"
	case "bool", "":
		want = "must be true or false"
	}
	if env := variable().FindStringSubmatch(text); env != nil {
		name = env[1]
	}
	return fmt.Sprintf("%s %q: %s", name, m[2], want)
}
