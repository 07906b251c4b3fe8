package script

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/extract"
)

func TestResponseCheck(t *testing.T) {
	text := func(s string) *string { return &s }
	yes, no := true, false
	q := &extract.Response{Status: 201, Head: []byte("X-A: abc\n"), Body: []byte(`{"a": 5, "b": null}`)}
	for _, test := range []struct {
		check loadgen.Check
		want  bool
	}{
		{loadgen.Check{Status: "200, 201"}, true}, {loadgen.Check{Status: "4xx"}, false}, {loadgen.Check{Status: "200-299"}, true},
		{loadgen.Check{JSON: "$.a"}, true}, {loadgen.Check{JSON: "$.c"}, false}, {loadgen.Check{JSON: "$.c", Exists: &no}, true}, {loadgen.Check{JSON: "$.a", Exists: &yes}, true},
		{loadgen.Check{JSON: "$.a", Equals: text("5")}, true}, {loadgen.Check{JSON: "$.a", Equals: text("6")}, false},
		{loadgen.Check{Header: "x-a", Matches: "^a.c$"}, true}, {loadgen.Check{Header: "x-a", Contains: "d"}, false},
		{loadgen.Check{BodyContains: "null"}, true}, {loadgen.Check{BodyMatches: `"a": \d`}, true}, {loadgen.Check{BodyMatches: "^x"}, false},
		{loadgen.Check{MaxLatency: loadgen.Duration(time.Second)}, true}, {loadgen.Check{MaxLatency: loadgen.Duration(time.Millisecond)}, false},
		{loadgen.Check{MaxBytes: 10}, false}, {loadgen.Check{MaxBytes: 100, Status: "2xx"}, true}, {loadgen.Check{MaxBytes: 100, Status: "3xx"}, false},
	} {
		s, err := Compile(scenarioSpec(loadgen.Step{Get: "/", Checks: []loadgen.Check{test.check}}), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Program.Messages[0].Checks[0].Met(q, nil, int64(len(q.Body)), 100*time.Millisecond); got != test.want {
			t.Errorf("%s: %v", s.Program.Checks[0].Check, got)
		}
	}
}
