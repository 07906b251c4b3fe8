package specfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

// MessageNames converts a spec in JSON from the names and units of spec files to those of messages: rate becomes rate_rps, and a
// duration of "10s" becomes duration_us of 10000000. Fields with the names of messages are unchanged, so the spec may also come from a
// message or report. Values are not validated. The error is a [*field.Error] for a field that is unknown, set under both of its names, or
// a file name.
func MessageNames(spec []byte) ([]byte, error) {
	return messageValue(spec, reflect.TypeFor[loadgen.Spec](), "")
}

// messageValue converts a value of a type. Values of an unexpected kind are returned as they are.
func messageValue(raw []byte, t reflect.Type, path string) ([]byte, error) {
	raw = bytes.TrimSpace(raw)
	if t.Kind() == reflect.Pointer {
		return messageValue(raw, t.Elem(), path)
	}
	if len(raw) == 0 || string(raw) == "null" || t == jsonType || t == durationType {
		return raw, nil
	}
	switch {
	case t == statusesType:
		return messageStatuses(raw, path)
	case shorthand[t] != "" && raw[0] == '"':
		short, _ := t.FieldByName(shorthand[t])
		return jsonObject([][]byte{member(tagName(short, "json"), raw)}), nil
	}
	switch t.Kind() {
	case reflect.String:
		if raw[0] != '"' && raw[0] != '{' && raw[0] != '[' { // a number or boolean, which YAML accepts as a string
			return appendQuoted(nil, string(raw)), nil
		}
	case reflect.Struct:
		return messageFields(raw, t, path)
	case reflect.Map:
		return messageEntries(raw, t, path)
	case reflect.Slice:
		return messageItems(raw, t, path)
	}
	return raw, nil
}

// messageFields converts the fields of an object.
func messageFields(raw []byte, t reflect.Type, path string) ([]byte, error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return raw, nil
	}
	var members [][]byte
	given := map[string]string{} // names as they were typed, by the name in messages
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		f, known := namedField(t, key)
		name := tagName(f, "json")
		switch {
		case !known:
			return nil, unknown(key, t, path)
		case given[name] != "":
			return nil, &field.Error{Field: join(path, key), Want: fmt.Sprintf("is the same field as %s: set one of them", given[name])}
		}
		given[name] = key
		value, err := messageValue(fields[key], f.Type, join(path, key))
		if err == nil && f.Type == durationType && key != name {
			value, err = microseconds(value, join(path, key))
		}
		if err != nil {
			return nil, err
		}
		members = append(members, member(name, value))
	}
	return jsonObject(members), nil
}

// namedField returns the field of a struct that has a name in messages or in spec files.
func namedField(t reflect.Type, key string) (f reflect.StructField, ok bool) {
	for i := range t.NumField() {
		if f = t.Field(i); key != "-" && (key == tagName(f, "json") || key == tagName(f, "yaml")) {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func tagName(f reflect.StructField, tag string) string {
	name, _, _ := strings.Cut(f.Tag.Get(tag), ",")
	return name
}

// unknown returns the error for a field that does not exist, or exists in spec files only.
func unknown(key string, t reflect.Type, path string) error {
	if file, is := includes[t][key]; is {
		return &field.Error{Field: join(path, key), Want: fmt.Sprintf("only spec files can name files: set %s to the content, or convert the spec file with landfall spec json", file.field)}
	}
	names := map[string]int{}
	for i := range t.NumField() {
		for _, tag := range []string{"json", "yaml"} {
			if name := tagName(t.Field(i), tag); name != "-" {
				names[name] = i
			}
		}
	}
	return &field.Error{Field: join(path, key), Want: "unknown field" + suggest(key, names, nil)}
}

// microseconds converts a duration such as "10s".
func microseconds(raw []byte, path string) ([]byte, error) {
	if string(raw) == "null" {
		return raw, nil
	}
	var text string
	var d loadgen.Duration
	if json.Unmarshal(raw, &text) != nil || d.UnmarshalText([]byte(strings.TrimSpace(text))) != nil {
		return nil, field.Wrong(path, string(raw), "must be a number with a unit, such as 250ms, 10s or 1m30s")
	}
	return json.Marshal(d)
}

// messageStatuses expands ranges and classes of statuses.
func messageStatuses(raw []byte, path string) ([]byte, error) {
	var list loadgen.Statuses
	if !bytes.Contains(raw, []byte(`"`)) {
		return raw, nil
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, field.Wrong(path, string(raw), "must be a list of statuses, ranges such as 200-299, or classes such as 2xx")
	}
	return json.Marshal([]int(list))
}

// messageEntries converts the values of a map.
func messageEntries(raw []byte, t reflect.Type, path string) ([]byte, error) {
	var entries map[string]json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		return raw, nil
	}
	var members [][]byte
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		value, err := messageValue(entries[key], t.Elem(), join(path, key))
		if err != nil {
			return nil, err
		}
		members = append(members, member(key, value))
	}
	return jsonObject(members), nil
}

// messageItems converts the items of a list.
func messageItems(raw []byte, t reflect.Type, path string) ([]byte, error) {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return raw, nil
	}
	list := make([][]byte, len(items))
	for i, item := range items {
		value, err := messageValue(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
		if err != nil {
			return nil, err
		}
		list[i] = value
	}
	return slices.Concat([]byte("["), bytes.Join(list, []byte(",")), []byte("]")), nil
}

func member(name string, value []byte) []byte {
	return slices.Concat(appendQuoted(nil, name), []byte(":"), value)
}

// jsonObject joins members to an object. Their values are unchanged, so that the JSON body of a step is sent as it was written.
func jsonObject(members [][]byte) []byte {
	return slices.Concat([]byte("{"), bytes.Join(members, []byte(",")), []byte("}"))
}
