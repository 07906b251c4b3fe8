package specflags

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"landfall/loadgen/field"
)

// flagField is a flag of the command line and the field of a spec file that it stands for.
type flagField struct {
	name        string // in a spec file
	short, long string
}

var fields = []flagField{
	{"connections", "-c", "--connections"}, {"count", "-n", "--requests"}, {"count_per_driver", "", "--requests-per-driver"},
	{"duration", "-z", "--duration"}, {"rate", "-q", "--rate"}, {"delay", "", "--delay"}, {"kind", "", "--kind"},
	{"burst", "", "--burst"}, {"stages", "", "--stage"}, {"arrivals", "", "--arrivals"}, {"method", "-m", "--method"}, {"headers", "-H", "--header"},
	{"body", "-d", "--body"}, {"body", "-D", "--body-file"}, {"body_base64", "-D", "--body-file"}, {"expect.statuses", "", "--expect-status"}, {"timeout", "-t", "--timeout"},
	{"patience", "", "--patience"}, {"warmup", "", "--warmup"}, {"orphan_timeout", "", "--orphan-timeout"}, {"takeover", "", "--takeover"}, {"http2", "", "--http2"},
	{"streams", "", "--streams"}, {"connect_rate", "", "--connect-rate"},
	{"tls.ca", "", "--cacert"}, {"tls.cert", "", "--cert"}, {"tls.key", "", "--key"}, {"tls.server_name", "", "--server-name"},
	{"resolve", "", "--resolve"}, {"thresholds.after", "", "--abort-after"}, {"thresholds", "", "--threshold"}, {"thresholds", "", "--abort"},
}

// Explain names the flag as it was typed in args, where a field of the spec that it gave is wrong.
func Explain(err error, args []string) error {
	var wrong *field.Error
	if !errors.As(err, &wrong) {
		return err
	}
	flag := ""
	for _, f := range fields {
		rest, is := strings.CutPrefix(wrong.Field, f.name)
		if !is || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		for _, t := range f.typed(args) {
			if flag == "" || t.value == unquoted(wrong.Value) { // of several flags for one field that with this value
				flag = t.flag
			}
		}
	}
	if flag == "" {
		return err
	}
	text := strings.TrimSpace(flag+" "+wrong.Value) + ": "
	if strings.HasPrefix(wrong.Want, "must") {
		text += strings.ReplaceAll(wrong.Field, "_", " ") + " "
	}
	return errors.New(text + wrong.Want)
}

func unquoted(value string) string {
	if text, err := strconv.Unquote(value); err == nil {
		return text
	}
	return value
}

// typed is a flag and its value as they stand in a command line.
type typed struct{ flag, value string }

func (f flagField) typed(args []string) (list []typed) {
	for i, a := range args {
		if a == "--" {
			break
		}
		next := ""
		if i+1 < len(args) {
			next = args[i+1]
		}
		switch value, glued := strings.CutPrefix(a, f.long+"="); {
		case glued:
			list = append(list, typed{f.long, value})
		case a == f.long:
			list = append(list, typed{f.long, next})
		case f.short != "" && a == f.short:
			list = append(list, typed{f.short, next})
		case f.short != "" && strings.HasPrefix(a, f.short) && !strings.HasPrefix(a, "--"):
			list = append(list, typed{f.short, a[len(f.short):]})
		}
	}
	return list
}

// notParsed is what the parser of the command line says of a value that is not of its flag's type.
var notParsed = regexp.MustCompile(`^(--[a-z0-9-]+): expected (a float|duration|a valid [0-9]+ bit u?int) but got "(.*?)"`)

// ExplainParsing says what would be right where a flag's value is no number or no time, and names the flag as it was typed.
func ExplainParsing(err error, args []string) error {
	m := notParsed.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	want := "must be a whole number"
	switch m[2] {
	case "a float":
		want = "must be a number"
	case "duration":
		want = "must be a time with its unit, such as 250ms, 10s or 5m"
	}
	flag := m[1]
	for _, f := range fields {
		if t := f.typed(args); f.long == flag && len(t) > 0 {
			flag = t[0].flag
		}
	}
	return fmt.Errorf("%s %q: %s", flag, m[3], want)
}
