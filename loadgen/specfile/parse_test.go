package specfile

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

const wholeFile = `
name: checkout
kind: tsunami
target: https://shop.test/
headers: &common
  Accept: application/json
  X-Version: 12
stages:
  - {duration: 30s, from: 10, rate: 1000}
  - rate: 1_000
    duration: 1m
connections: 128
timeout: 2s
requests:
  - name: list
    weight: 3
    url: /items
  - name: buy
    method: POST
    url: /cart
    headers: {<<: *common, X-User: "{{csv.user}}"}
    body: |
      {"item": {{seq}}}
    expect: {statuses: [200, 201], body_contains: ok, max_bytes: 1e6}
tls: {server_name: shop.test, insecure: true}
csv: "user\nana\nben\n"
resolve: ["shop.test:443:127.0.0.1"]
thresholds:
  - p99<250ms
  - {expr: errors<1%, abort: true, after: 10s}
seed: 18446744073709551615
`

func TestParseSpec(t *testing.T) {
	ten := 10.0
	got, err := Parse("", []byte(wholeFile))
	if err != nil {
		t.Fatal(err)
	}
	common := map[string]string{"Accept": "application/json", "X-Version": "12"}
	want := loadgen.Spec{
		Name: "checkout", Kind: loadgen.Tsunami, Target: "https://shop.test/", Headers: common,
		Stages:      []loadgen.Stage{{Duration: loadgen.Duration(30 * time.Second), From: &ten, To: 1000}, {Duration: loadgen.Duration(time.Minute), To: 1000}},
		Connections: 128, Timeout: loadgen.Duration(2 * time.Second),
		Requests: []loadgen.Request{
			{Name: "list", Weight: 3, URL: "/items"},
			{
				Name: "buy", Method: "POST", URL: "/cart", Body: "{\"item\": {{seq}}}\n",
				Headers: map[string]string{"Accept": "application/json", "X-Version": "12", "X-User": "{{csv.user}}"},
				Expect:  loadgen.Expect{Statuses: []int{200, 201}, BodyContains: "ok", MaxBytes: 1e6},
			},
		},
		TLS: loadgen.TLS{ServerName: "shop.test", Insecure: true}, CSV: "user\nana\nben\n", Resolve: []string{"shop.test:443:127.0.0.1"},
		Thresholds: []loadgen.Threshold{{Expr: "p99<250ms"}, {Expr: "errors<1%", Abort: true, After: loadgen.Duration(10 * time.Second)}},
		Seed:       18446744073709551615,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if err := got.WithDefaults().Validate(); err != nil {
		t.Error(err)
	}
}

func TestParseSpecErrors(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	cases := []struct{ name, text, want string }{
		{"unknown field", "target: x\nconections: 3\n", "spec:2:1: unknown field \"conections\": did you mean connections?"},
		{"unknown inside", "requests:\n  - name: a\n    wieght: 3\n", "spec:3:5: unknown field \"wieght\" in requests[0]: did you mean weight?"},
		{"unknown without a similar field", "tls: {zzzzzzzzzz: 1}\n", "must be one of ca, cert, insecure, key, server_name, ca_file, cert_file, key_file"},
		{"not a number", "rate: fast\n", `spec:1:7: rate "fast": must be a number`},
		{"not finite", "rate: .inf\n", "must be a number"},
		{"not whole", "count: 1.5\n", `count "1.5": must be a whole number`},
		{"duration without unit", "name: x\nduration: 10\n", `spec:2:11: duration "10": must be a number with a unit`},
		{"not yes or no", "burst: maybe\n", `burst "maybe": must be true or false`},
		{"not a list", "requests: a\n", "requests: must be a list"},
		{"not a text", "target: [a]\n", "target: must be a string"},
		{"not fields", "- a\n", "must be a mapping"},
		{"given twice", "name: a\nname: b\n", "spec:2:1: "},
		{"body twice", "body: a\nbody_file: b\n", "body is set twice"},
		{"file without a folder", "body_file: /etc/hostname\n", "files can only be named in a spec file"},
		{"no such anchor", "headers: *a\n", "the anchor &a is not defined"},
		{"anchor with alias", "headers: &a {x: y}\nexpect: &b {body_contains: *a}\n", "an anchor must not contain an alias"},
		{"binary tag", "target: x\nbody: !!binary AP8=\n", "spec:2:7: the tag !!binary is not supported (for binary data, use body_base64 or body_file)"},
		{"a header without a value", "headers:\n  User-Agent: null\n", `spec:2:15: headers.User-Agent: has no value (write "" for an empty one)`},
		{"deep", deep, "nested more than"},
		{"deep list", strings.Repeat("- ", 100_000), "nested more than"},
		{"tab", "target: http://h/\n\tkind: tsunami", "spec:2:1: a tab: indent with spaces"},
		{"syntax", "a: [b\nc: d", "spec:"},
		{"two documents", "name: a\n---\nname: b\n", "a second document"},
		{"empty", "# nothing\n", "is empty"},
		{"not UTF-8", "name: \xff\n", "not valid UTF-8"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("", []byte(c.text))
			var at *field.FileError
			if !errors.As(err, &at) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func TestParseSpecFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("body.json", `{"a":1}`)
	write("users.csv", "user\nana\n")
	write("ca.pem", "CA")
	write("big", strings.Repeat("x", MaxPEM+1))
	write("binary", "\xff\xfe")
	name := filepath.Join(dir, "spec.yaml")
	spec, err := Parse(name, []byte("body_file: body.json\ncsv_file: ./users.csv\ntls: {ca_file: "+filepath.Join(dir, "ca.pem")+"}\nrequests: [{name: a, body_file: body.json}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if spec.Body != `{"a":1}` || spec.CSV != "user\nana\n" || spec.TLS.CA != "CA" || spec.Requests[0].Body != `{"a":1}` {
		t.Errorf("%+v", spec)
	}
	for text, want := range map[string]string{
		"body_file: none\n":      "spec.yaml:1:12: ",
		"body_file: .\n":         "not a regular file",
		"csv_file: binary\n":     "not valid UTF-8",
		"tls: {key_file: big}\n": "must be at most 262144 bytes",
		"body_file: [a]\n":       "must be a string",
		"tls: {cert_file: none}": "none",
	} {
		if _, err := Parse(name, []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

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
