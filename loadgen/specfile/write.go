package specfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

// Marshal formats a spec as YAML, with the fields in the order of [loadgen.Spec]. [Parse] reads it back as the same spec. It fails for
// values that a spec file cannot hold: strings that are not valid UTF-8, and numbers that are not finite.
func Marshal(spec loadgen.Spec) ([]byte, error) {
	var w specWriter
	w.fields(reflect.ValueOf(spec), "")
	if w.err != nil {
		return nil, fmt.Errorf("write spec: %w", w.err)
	}
	if w.b.Len() == 0 {
		return []byte("{}\n"), nil
	}
	return []byte(w.b.String()), nil
}

// specWriter writes YAML. The library's encoder is not used because it does not preserve all strings: tabs, carriage returns and control
// characters in unquoted ones may be lost.
type specWriter struct {
	b   strings.Builder
	err error
}

// fields writes the fields of a struct, one per line.
func (w *specWriter) fields(v reflect.Value, indent string) {
	for i := range v.NumField() {
		name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		field := v.Field(i)
		if name == "-" {
			continue
		}
		if isEmpty(field) && (strings.Contains(options, "omitempty") || field.Kind() == reflect.String) {
			continue
		}
		w.b.WriteString(indent + name + ":")
		w.value(field, indent+"  ")
	}
}

// isEmpty reports whether omitting a field changes nothing.
func isEmpty(v reflect.Value) bool {
	if k := v.Kind(); k == reflect.Slice || k == reflect.Map {
		return v.Len() == 0
	}
	return v.IsZero()
}

// value writes everything after "name:", including the line feed.
func (w *specWriter) value(v reflect.Value, indent string) {
	if v.Type() == jsonType { // JSON is YAML
		var doc bytes.Buffer
		w.err = errors.Join(w.err, json.Compact(&doc, v.Bytes()))
		w.b.WriteString(" " + doc.String() + "\n")
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		w.nested(v, indent)
	case reflect.Map:
		w.b.WriteByte('\n')
		w.entries(v, indent)
	case reflect.Slice:
		w.list(v, indent)
	case reflect.Pointer:
		w.value(v.Elem(), indent)
	default:
		w.b.WriteString(" " + w.scalar(v, indent) + "\n")
	}
}

// nested writes a struct under its name. An empty one is written as {}, since nothing would mean null.
func (w *specWriter) nested(v reflect.Value, indent string) {
	before := w.b.Len()
	w.b.WriteByte('\n')
	w.fields(v, indent)
	if w.b.Len() == before+1 {
		head := w.b.String()[:before]
		w.b.Reset()
		w.b.WriteString(head + " {}\n")
	}
}

func (w *specWriter) entries(m reflect.Value, indent string) {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		w.b.WriteString(indent + w.inline(key.String()) + ":")
		if value := m.MapIndex(key); value.Kind() == reflect.String {
			w.b.WriteString(" " + w.text(value.String(), indent+"  ") + "\n")
		} else {
			w.value(value, indent+"  ")
		}
	}
}

func (w *specWriter) list(v reflect.Value, indent string) {
	if statuses, ok := v.Interface().(loadgen.Statuses); ok {
		w.b.WriteString(" [" + strings.Join(w.each(loadgen.FormatStatuses(statuses)), ", ") + "]\n")
		return
	}
	if v.Type().Elem().Kind() != reflect.Struct {
		var items []string
		for i := range v.Len() {
			items = append(items, w.scalar(v.Index(i), ""))
		}
		w.b.WriteString(" [" + strings.Join(items, ", ") + "]\n")
		return
	}
	w.b.WriteByte('\n')
	for i := range v.Len() {
		w.item(v.Index(i), indent)
	}
}

// each quotes ranges, so that they are strings.
func (w *specWriter) each(statuses []string) []string {
	for i, text := range statuses {
		if strings.Contains(text, "-") {
			statuses[i] = w.inline(text)
		}
	}
	return statuses
}

// item writes a struct in a list, with "- " before its first field.
func (w *specWriter) item(v reflect.Value, indent string) {
	inner := specWriter{}
	inner.fields(v, indent+"  ")
	text := inner.b.String()
	if text == "" {
		text = indent + "  {}\n"
	}
	w.b.WriteString(indent + "- " + text[len(indent)+2:])
	w.err = errors.Join(w.err, inner.err)
}

func (w *specWriter) scalar(v reflect.Value, indent string) string {
	switch {
	case v.Type() == durationType:
		return loadgen.Duration(v.Int()).String()
	case v.Kind() == reflect.String && indent == "":
		return w.inline(v.String())
	case v.Kind() == reflect.String:
		return w.text(v.String(), indent)
	case v.Kind() == reflect.Float64:
		if !finite(v.Float()) {
			w.err = fmt.Errorf("%v is not a number", v.Float())
		}
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	}
	return fmt.Sprint(v.Interface())
}

// text writes a string: as a block if it has several lines and the block preserves it.
func (w *specWriter) text(s, indent string) string {
	body, ended := strings.CutSuffix(s, "\n")
	lines := strings.Split(body, "\n")
	if len(lines) < 2 && !ended || !slices.ContainsFunc(lines, isSolid) || slices.ContainsFunc(lines, notBlock) || !isSolid(lines[0]) || lines[len(lines)-1] == "" {
		return w.inline(s)
	}
	head := "|-"
	if ended {
		head = "|"
	}
	for i, line := range lines {
		if line != "" {
			lines[i] = indent + line
		}
	}
	return head + "\n" + strings.Join(lines, "\n")
}

// isSolid reports whether a line can start a block. Leading blanks would be read as indentation.
func isSolid(line string) bool { return line != "" && line[0] != ' ' && line[0] != '\t' }

// notBlock reports whether a block would not preserve a line.
func notBlock(line string) bool {
	return strings.TrimRight(line, " \t") != line || strings.ContainsRune(line, '\t') || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) })
}

// plainText matches strings that need no quotes anywhere.
var plainText = field.Pattern(`^[A-Za-z/][A-Za-z0-9/._+=;~?&%-]*(:[A-Za-z0-9/._+=;~?&%-]+)*( [A-Za-z0-9/._+=;~?&%]+)*$`)

// words matches strings that YAML 1.1 or 1.2 reads as another type.
var words = field.Pattern(`(?i)^(true|false|yes|no|on|off|null|y|n)$`)

// inline writes a string on one line.
func (w *specWriter) inline(s string) string {
	if !utf8.ValidString(s) {
		w.err = fmt.Errorf("%.40q is not valid UTF-8", s)
	}
	if plainText().MatchString(s) && !words().MatchString(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		case r != ' ' && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}
