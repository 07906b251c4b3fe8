package loadgen

import (
	"reflect"
	"strings"
)

// HiddenPart returns the name of a field, in spec files, that [Spec.Redacted] has replaced entirely or in part, so that the spec cannot be
// executed as it was; "": all values are there.
func (s Spec) HiddenPart() string {
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if name := jsonName(f); f.IsExported() && hidden(v.Field(i), name) {
			return name
		}
	}
	return ""
}

// hidden reports whether a value holds one that was replaced; name is its JSON name.
func hidden(v reflect.Value, name string) bool {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && hidden(v.Field(i), jsonName(f)) {
				return true
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return strings.Contains(string(v.Bytes()), Hidden)
		}
		for i := range v.Len() {
			if hidden(v.Index(i), name) {
				return true
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if hidden(v.MapIndex(key), "") {
				return true
			}
		}
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && hidden(v.Elem(), name)
	case reflect.String:
		text := v.String()
		return strings.Contains(text, Hidden) || sizedTexts[name] && sized().MatchString(text)
	}
	return false
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
