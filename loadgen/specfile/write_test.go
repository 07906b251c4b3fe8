package specfile

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
)

// awkward are pieces of strings that YAML may read as something else.
var awkward = []string{
	"a", "B", " ", "  ", "\n", "\r", "\t", "\"", "'", ":", ": ", "#", " #", "-", "- ", "{", "}", "[", "|", ">", "&", "*", "!", "%", "@", "`", "\\",
	"\x00", "\x7f", "\u2028", "é", "😀", "~", "null", "yes", "1", ".", "0x", "?", ",", "\u0085", "\ufeff", "---", "...", "<<", "=", "{{seq}}", "\n\n", "1e3", "\u00a0", "\U000e0001",
}

func awkwardText(r *rand.Rand) string {
	s := ""
	for range r.IntN(7) {
		s += awkward[r.IntN(len(awkward))]
	}
	return s
}

// randomFill sets the fields of a struct to random values or leaves them empty. Lists are nested up to depth.
func randomFill(r *rand.Rand, v reflect.Value, depth int) {
	switch {
	case v.Type() == jsonType:
		v.SetBytes([]byte(`{"a: b":["c\u003c\n",1,true,null,-1.5e3,{}],"":"{{x}}"}`))
	case v.Type() == durationType:
		v.SetInt(r.Int64N(1e14))
	case v.Kind() == reflect.String:
		v.SetString(awkwardText(r))
	case v.Kind() == reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case v.Kind() == reflect.Float64:
		v.SetFloat(r.NormFloat64() * 1e6)
	case v.Kind() == reflect.Uint64:
		v.SetUint(r.Uint64())
	case v.CanInt():
		v.SetInt(r.Int64N(1 << 31))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if r.IntN(3) > 0 && v.Type().Field(i).Tag.Get("yaml") != "-" {
				randomFill(r, v.Field(i), depth)
			}
		}
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		randomFill(r, v.Elem(), depth)
	case v.Kind() == reflect.Slice && depth > 0:
		n := 1 + r.IntN(3)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			randomFill(r, v.Index(i), depth-1)
		}
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 1 + r.IntN(3) {
			value := reflect.New(v.Type().Elem()).Elem()
			randomFill(r, value, depth)
			v.SetMapIndex(reflect.ValueOf(awkwardText(r)), value)
		}
	}
}

// Parse reads what Marshal wrote as the same spec.
func TestMarshalRoundTrips(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		var spec loadgen.Spec
		randomFill(r, reflect.ValueOf(&spec).Elem(), 2)
		text, err := Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse("", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(spec, back) {
			again, _ := Marshal(back)
			t.Fatalf("wrote\n%s\nread\n%s", text, again)
		}
	}
}

func TestMarshalFormat(t *testing.T) {
	spec, _ := Parse("", []byte(wholeFile))
	text, err := Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"target: https://shop.test/\n", "  - name: buy\n", "    body: |\n      {\"item\": {{seq}}}\n", "duration: 1m0s\n", "statuses: [200, 201]\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if _, err := Marshal(loadgen.Spec{Body: "\xff"}); err == nil {
		t.Error("wrote a string that is not valid UTF-8")
	}
}

func FuzzParseSpec(f *testing.F) {
	f.Add([]byte(wholeFile))
	f.Add([]byte("target: 'x'\nbody: >-\n  a\n\n  b\n"))
	f.Add([]byte(`{"target": "http://a", "tls": {"ca": "x"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := Parse("", data)
		if err != nil {
			return
		}
		text, err := Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse("", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		again, _ := Marshal(back)
		if string(again) != string(text) {
			t.Fatalf("wrote\n%s\nthen\n%s", text, again)
		}
	})
}
