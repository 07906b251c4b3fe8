package form

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"landfall/loadgen"
)

// TestBeyondFields: everything that is sent besides the fields is named; tables and keys are not shown
// themselves.
func TestBeyondFields(t *testing.T) {
	s := loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1/", CSV: "user,password\nann,secret\n", Patience: 5e9, TLS: loadgen.TLS{Key: "PRIVATE"},
		Requests: []loadgen.Request{{Name: "look", Weight: 9}, {Name: "buy", Weight: 1}}, Secrets: map[string]string{"TOKEN": "hidden"}}
	got := BeyondFields(s)
	for _, want := range []string{"requests look 9 · buy 1", "1 value of {{secret.NAME}}", "csv (25 bytes)", "patience 5s"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	for _, secret := range []string{"PRIVATE", "hidden", "ann"} {
		if strings.Contains(strings.Join(got, "\n"), secret) {
			t.Errorf("%q is shown: %q", secret, got)
		}
	}
	if got := BeyondFields(loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1/", RateRPS: 5}); len(got) != 0 {
		t.Errorf("all of it has fields: %q", got)
	}
}

// Every field of a spec is either a field of the form or shown among the other parts that are sent.
func TestNoFieldIsHidden(t *testing.T) {
	fields := reflect.TypeOf(loadgen.Spec{})
	for i := range fields.NumField() {
		f := fields.Field(i)
		var s loadgen.Spec
		v := reflect.ValueOf(&s).Elem().Field(i)
		fillValue(v, 6)
		shown := s
		OnlyFields(&shown)
		if reflect.DeepEqual(shown, s) {
			continue // the form has it
		}
		if len(BeyondFields(s)) == 0 {
			t.Errorf("%s is sent without being shown", f.Name)
		}
	}
}

// fillValue returns a value that is not its type's zero, nested up to depth.
func fillValue(v reflect.Value, depth int) {
	if depth == 0 {
		return
	}
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		v.SetBytes([]byte("1"))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.Float64:
		v.SetFloat(7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillValue(v.Index(0), depth-1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fillValue(key, depth-1)
		fillValue(value, depth-1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(v.Elem(), depth-1)
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(v.Field(i), depth-1)
		}
	}
}
