package node

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes untrusted text safe to display: valid UTF-8 without control, formatting and direction characters, on
// one line, at most max runes long.
func Clean(s string, max int) string {
	if plain(s) && len(s) <= max {
		return s
	}
	var b strings.Builder
	for n, r := 0, rune(0); s != "" && n < max; n++ {
		size := 0
		r, size = utf8.DecodeRuneInString(s)
		s = s[size:]
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs) {
			r = '\uFFFD'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// CleanTexts applies Clean to every string that v points to, at any depth of structs, lists and maps. Map keys that
// become equal are merged.
func CleanTexts(v any, max int) { cleanTexts(reflect.ValueOf(v).Elem(), max) }

func cleanTexts(v reflect.Value, max int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(Clean(v.String(), max))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				cleanTexts(v.Field(i), max)
			}
		}
	case reflect.Slice, reflect.Array:
		if kind := v.Type().Elem().Kind(); kind >= reflect.Bool && kind <= reflect.Complex128 {
			return // numbers or bytes
		}
		for i := range v.Len() {
			cleanTexts(v.Index(i), max)
		}
	case reflect.Map:
		cleanTextsOf(v, max)
	case reflect.Pointer:
		if !v.IsNil() {
			cleanTexts(v.Elem(), max)
		}
	case reflect.Interface:
		if !v.IsNil() {
			inner := reflect.New(v.Elem().Type()).Elem()
			inner.Set(v.Elem())
			cleanTexts(inner, max)
			v.Set(inner)
		}
	}
}

func cleanTextsOf(m reflect.Value, max int) {
	for _, key := range m.MapKeys() {
		k, v := reflect.New(key.Type()).Elem(), reflect.New(m.Type().Elem()).Elem()
		k.Set(key)
		v.Set(m.MapIndex(key))
		cleanTexts(k, max)
		cleanTexts(v, max)
		if !k.Equal(key) {
			m.SetMapIndex(key, reflect.Value{})
		}
		m.SetMapIndex(k, v)
	}
}

func cleanAll(max int, texts ...*string) {
	for _, t := range texts {
		*t = Clean(*t, max)
	}
}

func cleanList(list []string, most, max int) []string {
	list = list[:min(len(list), most)]
	for i := range list {
		list[i] = Clean(list[i], max)
	}
	return list
}

func cleanMap(m map[string]string, most, max int) map[string]string {
	out := make(map[string]string, min(len(m), most))
	for k, v := range m {
		if len(out) == most {
			break
		}
		out[Clean(k, max)] = Clean(v, max)
	}
	return out
}
