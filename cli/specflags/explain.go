package specflags

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"landfall/cli/environ"
	"landfall/loadgen/field"
)

// flagField is a command-line flag and the spec field that it sets.
type flagField struct {
	name        string // in a spec file
	short, long string
}

var fields = []flagField{
	{"connections", "-c", "--connections"}, {"count", "-n", "--requests"}, {"count_per_driver", "", "--requests-per-driver"},
	{"duration", "-z", "--duration"}, {"rate", "-q", "--rate"}, {"delay", "", "--delay"}, {"kind", "", "--kind"},
	{"burst", "", "--burst"}, {"stages", "", "--stage"}, {"arrivals", "", "--arrivals"}, {"method", "-m", "--method"}, {"headers", "-H", "--header"},
	{"body", "-d", "--body"}, {"body", "-D", "--body-file"}, {"headers.Authorization", "-u", "--user"}, {"body_base64", "-D", "--body-file"}, {"expect.statuses", "", "--expect-status"}, {"timeout", "-t", "--timeout"},
	{"patience", "", "--patience"}, {"warmup", "", "--warmup"}, {"orphan_timeout", "", "--orphan-timeout"}, {"takeover", "", "--takeover"}, {"http2", "", "--http2"},
	{"streams", "", "--streams"}, {"connect_rate", "", "--connect-rate"},
	{"tls.ca", "", "--cacert"}, {"tls.cert", "", "--cert"}, {"tls.key", "", "--key"}, {"tls.server_name", "", "--server-name"},
	{"proxy", "", "--proxy"}, {"resolve", "", "--resolve"}, {"thresholds.after", "", "--abort-after"}, {"thresholds", "", "--threshold"}, {"thresholds", "", "--abort"},
	{"capacity.slo", "", "--slo"}, {"capacity.from", "", "--from"}, {"capacity.to", "", "--to"}, {"capacity.hold", "", "--hold"}, {"capacity.precision", "", "--precision"},
}

// Explain rewrites an error about a field of the spec to name the flag in args that set it, as typed.
func Explain(err error, args []string) error {
	var wrong *field.Error
	if !errors.As(err, &wrong) {
		return err
	}
	flag, value := "", wrong.Value
	for _, f := range fields {
		rest, is := strings.CutPrefix(wrong.Field, f.name)
		if !is || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		for _, t := range f.typed(args) {
			if flag == "" || t.value == unquoted(wrong.Value) { // if several flags set the field, the one with this value
				flag = t.flag
			}
			if flag == t.flag && sameDuration(t.value, wrong.Value) {
				value = t.value
			}
		}
	}
	if flag == "" {
		return err
	}
	if name, is := strings.CutPrefix(wrong.Field, "headers."); is && unquoted(value) == field.Hidden {
		value = name + ": " + field.Hidden
	}
	text := strings.TrimSpace(flag+" "+value) + ": "
	if strings.HasPrefix(wrong.Want, "must") {
		text += strings.ReplaceAll(wrong.Field, "_", " ") + " "
	}
	return errors.New(text + wrong.Want)
}

// sameDuration reports whether two texts are the same duration: 100000h equals 100000h0m0s.
func sameDuration(a, b string) bool {
	x, err := time.ParseDuration(a)
	y, wrong := time.ParseDuration(b)
	return err == nil && wrong == nil && x == y
}

func unquoted(value string) string {
	if text, err := strconv.Unquote(value); err == nil {
		return text
	}
	return value
}

// typed is a flag and its value as typed.
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

// flagName matches the flag in an error of the argument parser.
var flagName = field.Pattern(`^(--[a-z0-9-]+): `)

// ExplainParsing rewrites an error of the argument parser and names the flag as typed.
func ExplainParsing(err error, args []string) error {
	var at *field.FileError
	if errors.As(err, &at) {
		return at
	}
	flag := ""
	if m := flagName().FindStringSubmatch(err.Error()); m != nil {
		flag = m[1]
	}
	for _, f := range fields {
		if t := f.typed(args); f.long == flag && len(t) > 0 {
			flag = t[0].flag
		}
	}
	return errors.New(environ.Explain(err, flag))
}
