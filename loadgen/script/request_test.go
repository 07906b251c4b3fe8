package script

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

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
