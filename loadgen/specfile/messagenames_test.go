package specfile

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestMessageNames(t *testing.T) {
	for _, c := range []struct{ name, given, want string }{
		{"names of messages", `{"test_type":"tsunami","rate_rps":5,"duration_us":1000000}`, `{"duration_us":1000000,"rate_rps":5,"test_type":"tsunami"}`},
		{"names of spec files", `{"kind":"tsunami","rate":5,"duration":"1s"}`, `{"duration_us":1000000,"test_type":"tsunami","rate_rps":5}`},
		{"nested", `{"tls":{"ca":"PEM"},"stages":[{"duration":"250ms","rate":9}],"scenarios":[{"name":"a","steps":[{"get":"/","checks":[{"max_latency":"1s"}]}]}]}`,
			`{"scenarios":[{"name":"a","steps":[{"checks":[{"max_latency_us":1000000}],"get":"/"}]}],"stages":[{"duration_us":250000,"to_rps":9}],"tls":{"ca_pem":"PEM"}}`},
		{"short forms", `{"thresholds":["p99<1s"],"expect":{"statuses":["200-202",404]}}`, `{"expect":{"statuses":[200,201,202,404]},"thresholds":[{"expr":"p99<1s"}]}`},
		{"numbers for strings", `{"headers":{"n":7},"name":1.50}`, `{"headers":{"n":"7"},"name":"1.50"}`},
		{"JSON bodies are unchanged", `{"setup":[{"json":{"b": "<", "a" : 1e2}}]}`, `{"setup":[{"json":{"b": "<", "a" : 1e2}}]}`},
		{"null", `{"rate":null,"duration":null}`, `{"duration_us":null,"rate_rps":null}`},
		{"not an object", `[1]`, `[1]`},
	} {
		got, err := MessageNames([]byte(c.given))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v\nwant %s", c.name, got, err, c.want)
		}
	}
}

func TestMessageNamesErrors(t *testing.T) {
	for given, want := range map[string]string{
		`{"rate":1,"rate_rps":1}`:                  "rate_rps: is the same field as rate: set one of them",
		`{"ratee":1}`:                              "ratee: unknown field: did you mean rate?",
		`{"duration":10}`:                          `duration "10": must be a number with a unit`,
		`{"duration":"10"}`:                        "must be a number with a unit",
		`{"body_file":"x"}`:                        "body_file: only spec files can name files: set body to the content",
		`{"stages":[{"rate":1},{"rat":1}]}`:        "stages[1].rat: unknown field: did you mean rate?",
		`{"expect":{"statuses":["seven"]}}`:        "must be a list of statuses",
		`{"setup":[{"checks":[{"status2":"x"}]}]}`: "setup[0].checks[0].status2: unknown field: did you mean status?",
		`{"-":1}`: "-: unknown field",
	} {
		if got, err := MessageNames([]byte(given)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %s, %v, want %s", given, got, err, want)
		}
	}
}

// No field has the name in spec files that another one has in messages.
func TestNamesAreUnambiguous(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var check func(t2 reflect.Type)
	check = func(s reflect.Type) {
		switch s.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			check(s.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if seen[s] {
			return
		}
		seen[s] = true
		owner := map[string]int{}
		for i := range s.NumField() {
			for _, tag := range []string{"json", "yaml"} {
				name := tagName(s.Field(i), tag)
				if other, is := owner[name]; is && other != i && name != "-" {
					t.Errorf("%s: %q is both %s and %s", s, name, s.Field(other).Name, s.Field(i).Name)
				}
				owner[name] = i
			}
			check(s.Field(i).Type)
		}
	}
	check(reflect.TypeFor[loadgen.Spec]())
	if len(seen) < 12 {
		t.Errorf("only %d structs were checked", len(seen))
	}
}

// A spec file in JSON gives the same spec through MessageNames as through Parse.
func TestMessageNamesAgreesWithParse(t *testing.T) {
	file := []byte(`{"target":"http://127.0.0.1/","kind":"tsunami","rate":20,"duration":"10s","users":3,"headers":{"X-N":1},
		"scenarios":[{"name":"buy","steps":[{"name":"in","post":"/in","json":{"a":[1,2]},"checks":[{"status":200}],"think":"1s"}]}],
		"thresholds":["p99<250ms",{"expr":"failed<1%","abort":true,"after":"5s"}],"expect":{"statuses":["2xx"]}}`)
	want, err := Parse("", file)
	if err != nil {
		t.Fatal(err)
	}
	message, err := MessageNames(file)
	if err != nil {
		t.Fatal(err)
	}
	var got loadgen.Spec
	if err := json.Unmarshal(message, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) || got.Duration.Std() != 10*time.Second {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
