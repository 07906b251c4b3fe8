package specfile

import (
	"reflect"
	"testing"
)

// A number is parsed as its field's type, or the error describes that type.
func TestSetNumber(t *testing.T) {
	type fields struct {
		Int   int
		Small int8
		Size  uint64
		Share float64
		Flag  bool
	}
	var f fields
	for i, c := range []struct {
		field, text, want string // want: of an error
		value             any
	}{
		{"Int", "1000000", "", 1000000},
		{"Int", "1e6", "", 1000000},
		{"Int", "-3", "", -3},
		{"Int", "1.5", "a whole number", nil},
		{"Int", "1e16", "a whole number", nil},
		{"Small", "128", "a whole number", nil},
		{"Size", "18446744073709551615", "", uint64(1<<64 - 1)},
		{"Size", "-1", "a whole number of at least 0", nil},
		{"Share", "0.25", "", 0.25},
		{"Share", "NaN", "a number", nil},
		{"Share", "1e999", "a number", nil},
		{"Flag", "true", "", true},
		{"Flag", "yes", "true or false", nil},
	} {
		v := reflect.ValueOf(&f).Elem().FieldByName(c.field)
		want, err := setNumber(v, c.text)
		if (err != nil) != (c.want != "") || err != nil && want != c.want {
			t.Errorf("%d: %s %q: %v, accepted is %s", i, c.field, c.text, err, want)
		}
		if err == nil && !reflect.DeepEqual(v.Interface(), c.value) {
			t.Errorf("%d: %s %q: %v", i, c.field, c.text, v.Interface())
		}
	}
}
