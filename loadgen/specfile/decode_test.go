package specfile

import (
	"errors"
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
