package script

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/extract"
	"landfall/loadgen/template"
)

func scenarioSpec(steps ...loadgen.Step) loadgen.Spec {
	return loadgen.Spec{
		Target: "http://Shop.example:8080/base/", Kind: loadgen.Avalanche, Users: 1, Count: 1, Headers: map[string]string{"X-All": "1"},
		Variables: map[string]string{"currency": "EUR", "nasty": "a/b &\"c\""}, Env: map[string]string{"HOST": "h"}, Secrets: map[string]string{"KEY": "s3"},
		CSV: "user,pw\nann,x y\n", Scenarios: []loadgen.Scenario{{Name: "a", Steps: steps}},
	}.WithDefaults()
}

// rendered returns the request of a step as it is sent.
func rendered(t *testing.T, step loadgen.Step) string {
	t.Helper()
	s, err := Compile(scenarioSpec(step), Options{Version: "1", NodeID: "n1"})
	if err != nil {
		t.Fatal(err)
	}
	scope := &template.Scope{Random: rand.NewPCG(1, 2), User: 3, Iteration: 4, Now: time.Now}
	s.Program.Reset(nil, 0, 0, scope)
	var f Filler
	host, ok := f.Host(s.Program, &s.Program.Messages[0], scope)
	out, _ := f.Append(nil, s.Program, &s.Program.Messages[0], scope, host, func(dst []byte, path string) []byte { return append(dst, "sid=1"...) }, Hop{})
	if !ok {
		t.Fatal("not on the target")
	}
	return string(out)
}

func TestRequestOfStep(t *testing.T) {
	const head = " HTTP/1.1\r\nHost: Shop.example:8080\r\nUser-Agent: landfall/1\r\n"
	for _, test := range []struct {
		step loadgen.Step
		want string
	}{
		{loadgen.Step{Get: "items?x=1", Query: map[string]string{"a b": "{{nasty}}", "z": "1"}},
			"GET /base/items?x=1&a%20b=a%2Fb%20%26%22c%22&z=1" + head + "X-All: 1\r\nCookie: sid=1\r\n\r\n"},
		{loadgen.Step{Get: "/{{nasty}}/x"}, "GET /a%2Fb%20%26%22c%22/x" + head + "X-All: 1\r\nCookie: sid=1\r\n\r\n"},
		{loadgen.Step{Get: "http://shop.example:8080/abs"}, "GET /abs" + head + "X-All: 1\r\nCookie: sid=1\r\n\r\n"},
		{loadgen.Step{Delete: "/u/{{user}}/{{iteration}}/{{csv.user}}", Headers: map[string]string{"x-all": "2", "Cookie": "own"}},
			"DELETE /u/3/4/ann" + head + "x-all: 2\r\nCookie: own\r\n\r\n"},
		{loadgen.Step{Post: "/l", JSON: json.RawMessage(`{"a":"{{nasty}}","n":"{{currency}}","b":"{{raw user}}"}`)},
			"POST /l" + head + "Content-Type: application/json\r\nX-All: 1\r\nCookie: sid=1\r\nContent-Length: 34\r\n\r\n" + `{"a":"a/b &\"c\"","n":"EUR","b":3}`},
		{loadgen.Step{Put: "/l", Form: map[string]string{"q": "{{nasty}}", "pw": "{{csv.pw}}"}},
			"PUT /l" + head + "Content-Type: application/x-www-form-urlencoded\r\nX-All: 1\r\nCookie: sid=1\r\nContent-Length: 29\r\n\r\npw=x%20y&q=a%2Fb%20%26%22c%22"},
		{loadgen.Step{Get: "/new york/a%2Fb?q=new york&b={{nasty}}#part"}, "GET /new%20york/a%2Fb?q=new%20york&b=a%2Fb%20%26%22c%22" + head + "X-All: 1\r\nCookie: sid=1\r\n\r\n"},
		{loadgen.Step{Put: "/l", Body: `{"a":"{{nasty}}","n":{{user}}}`},
			"PUT /l" + head + "X-All: 1\r\nCookie: sid=1\r\nContent-Length: 24\r\n\r\n" + `{"a":"a/b &\"c\"","n":3}`},
		{loadgen.Step{Put: "/l", Body: "q={{nasty}}&r={{urlencode nasty}}", Headers: map[string]string{"content-type": "application/x-www-form-urlencoded"}},
			"PUT /l" + head + "content-type: application/x-www-form-urlencoded\r\nX-All: 1\r\nCookie: sid=1\r\nContent-Length: 41\r\n\r\nq=a%2Fb%20%26%22c%22&r=a%2Fb%20%26%22c%22"},
		{loadgen.Step{Post: "/e"}, "POST /e" + head + "X-All: 1\r\nCookie: sid=1\r\nContent-Length: 0\r\n\r\n"},
		{loadgen.Step{Patch: "/e", Body: "x", Headers: map[string]string{"X-Key": "{{env.HOST}} {{secret.KEY}} {{node}}"}, Auth: &loadgen.Auth{Bearer: "t-{{secret.KEY}}"}},
			"PATCH /e" + head + "X-All: 1\r\nX-Key: h s3 n1\r\nAuthorization: Bearer t-s3\r\nCookie: sid=1\r\nContent-Length: 1\r\n\r\nx"},
		{loadgen.Step{Head: "/e", Auth: &loadgen.Auth{Basic: "{{csv.user}}:{{csv.pw}}"}},
			"HEAD /e" + head + "X-All: 1\r\nAuthorization: Basic YW5uOnggeQ==\r\nCookie: sid=1\r\n\r\n"},
	} {
		if got := rendered(t, test.step); got != test.want {
			t.Errorf("%q\nwant %q", got, test.want)
		}
	}
}

func TestErrorsNameTheStep(t *testing.T) {
	text := func(s string) *string { return &s }
	one := 1
	get := loadgen.Step{Get: "/"}
	for want, steps := range map[string][]loadgen.Step{
		"scenarios[0].steps[0].get": {{Get: "/{{tokn}}", Extract: map[string]loadgen.Extract{"token": {JSON: "$.a"}}}},
		"did you mean currency?":    {{Get: "/{{curency}}"}},
		"scenarios[0].steps[1].if \"prise < 1\": no earlier step sets the variable prise: did you mean price?": {
			{Get: "/", Extract: map[string]loadgen.Extract{"price": {JSON: "$.a"}}}, {If: "prise < 1", Steps: []loadgen.Step{get}}},
		"placeholders may follow the host":                                  {{Get: "http://{{currency}}.example/"}},
		"PASS is not set: use -e PASS=value":                                {{Get: "/", Auth: &loadgen.Auth{Basic: "a:{{env.PASS}}"}}},
		"exactly one of json":                                               {{Get: "/", Extract: map[string]loadgen.Extract{"a": {JSON: "$.a", Header: "b"}}}},
		"scenarios[0].steps[0].extract.a.pick":                              {{Get: "/", Extract: map[string]loadgen.Extract{"a": {JSON: "$.a", Pick: "any"}}}},
		"number of a capture group of regex":                                {{Get: "/", Extract: map[string]loadgen.Extract{"a": {JSON: "$.a", Group: &one}}}},
		"is the name of a function":                                         {{Get: "/", Extract: map[string]loadgen.Extract{"uuid": {JSON: "$.a"}}}},
		"is a keyword of expressions":                                       {{Get: "/", Extract: map[string]loadgen.Extract{"status": {JSON: "$.a"}}}},
		"a variable name has":                                               {{Get: "/", Extract: map[string]loadgen.Extract{"a b": {JSON: "$.a"}}}},
		"must start with $":                                                 {{Get: "/", Extract: map[string]loadgen.Extract{"a": {JSON: "a"}}}},
		"scenarios[0].steps[0].checks[0].status":                            {{Get: "/", Checks: []loadgen.Check{{Status: "2x"}}}},
		"scenarios[0].steps[0].checks[0]: a check":                          {{Get: "/", Checks: []loadgen.Check{{}}}},
		"apply to json or header":                                           {{Get: "/", Checks: []loadgen.Check{{Equals: text("a")}}}},
		"cannot be combined with equals":                                    {{Get: "/", Checks: []loadgen.Check{{JSON: "$.a", Exists: new(bool), Contains: "x"}}}},
		"regular expression (RE2)":                                          {{Get: "/", Checks: []loadgen.Check{{BodyMatches: "("}}}},
		"a pause such as 2s":                                                {get, {Think: "3s..1s"}},
		"scenarios[0].steps[1].steps: a loop needs a request or think time": {get, {Repeat: 2, Steps: []loadgen.Step{{If: "1", Steps: []loadgen.Step{get}}}}},
		"scenarios[0].steps[0].steps: a loop needs a request or think time": {{While: "1", Steps: []loadgen.Step{{Think: "0s"}}}, get},
		"only the expr of a check can use body":                             {get, {While: "body contains 'a'", Steps: []loadgen.Step{get}}},
		"a scenario needs a request":                                        {{Think: "1s"}},
		"set only one of json, form":                                        {{Post: "/", JSON: json.RawMessage("1"), Body: "x"}},
		"is the name of another step":                                       {{Name: "a", Get: "/"}, {Name: "a", Get: "/"}},
		"set auth or the header Authorization":                              {{Get: "/", Headers: map[string]string{"authorization": "x"}, Auth: &loadgen.Auth{Bearer: "a"}}},
		"must be basic (user:password) or bearer":                           {{Get: "/", Auth: &loadgen.Auth{}}},
		"is not a valid header name":                                        {{Get: "/", Headers: map[string]string{"a b": "x"}}},
		"remove this header":                                                {{Get: "/", Headers: map[string]string{"Transfer-Encoding": "chunked"}}},
	} {
		if _, err := Compile(scenarioSpec(steps...), Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestThink(t *testing.T) {
	random := rand.NewPCG(1, 2)
	for text, want := range map[string][2]time.Duration{
		"2s": {2 * time.Second, 2 * time.Second}, "1s..3s": {time.Second, 3 * time.Second}, " 1ms .. 2ms ": {time.Millisecond, 2 * time.Millisecond}, "exp(1s)": {0, time.Minute},
	} {
		think, err := ParseThink(text)
		if err != nil {
			t.Fatal(err)
		}
		sum := time.Duration(0)
		for range 2000 {
			d := think.Draw(random)
			if d < want[0] || d > want[1] {
				t.Fatalf("%s: %v", text, d)
			}
			sum += d
		}
		if mean := sum / 2000; text == "exp(1s)" && (mean < 900*time.Millisecond || mean > 1100*time.Millisecond) || text == "1s..3s" && (mean < 1900*time.Millisecond || mean > 2100*time.Millisecond) {
			t.Errorf("%s: mean %v", text, mean)
		}
	}
	for _, text := range []string{"", "2", "-1s", "3s..1s", "exp(1s..2s)", "exp(", "25h", "1s..x"} {
		if _, err := ParseThink(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

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

func FuzzCompileScenario(f *testing.F) {
	f.Add("/items/{{int 1 5}}?{{currency}}", "currency == 'EUR'", "$.a", "1s..2s", `{"a": "{{nasty}}"}`)
	f.Fuzz(func(t *testing.T, url, condition, path, think, doc string) {
		if url == "" || condition == "" || think == "" || !json.Valid([]byte(doc)) {
			return
		}
		spec := scenarioSpec(loadgen.Step{Post: url, JSON: json.RawMessage(doc), Extract: map[string]loadgen.Extract{"x": {JSON: path}}},
			loadgen.Step{If: condition, Steps: []loadgen.Step{{Get: "/{{x}}"}}}, loadgen.Step{Think: think})
		s, err := Compile(spec, Options{})
		if err != nil {
			return
		}
		scope := &template.Scope{Random: rand.NewPCG(1, 2), Now: time.Now}
		s.Program.Reset(nil, 0, 0, scope)
		var filler Filler
		host, ok := filler.Host(s.Program, &s.Program.Messages[0], scope)
		if !ok {
			return
		}
		out, _ := filler.Append(nil, s.Program, &s.Program.Messages[0], scope, host, nil, Hop{})
		if line, _, _ := strings.Cut(string(out), "\r\n"); !strings.HasSuffix(line, " HTTP/1.1") || strings.Count(line, " ") != 2 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%q", line)
		}
	})
}
