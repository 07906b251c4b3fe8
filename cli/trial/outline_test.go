package trial

import (
	"bytes"
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestOutline(t *testing.T) {
	var out bytes.Buffer
	Outline(&out, loadgen.Spec{Kind: loadgen.Avalanche, Target: "http://u:p@h.example/", Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
		{Name: "login", Post: "/login?token=abc", Form: map[string]string{"b": "secret", "a": ""}, Extract: map[string]loadgen.Extract{"t": {}}, Checks: []loadgen.Check{{}}},
		{If: "t", Steps: []loadgen.Step{{Think: "1s"}}, Else: []loadgen.Step{{Repeat: 2, Steps: []loadgen.Step{{Get: "/x"}}}}}, {Choose: []loadgen.Branch{{Weight: 9}}},
	}}}})
	const want = `
scenario a, weight 1
  login: POST /login?token=(hidden)
    sends a form with a b
    sets t
    checks: 1
  if t
    think 1s
  else
    repeat 2 times
      GET /x
  choose, weight 9
`
	if got := out.String(); !strings.HasSuffix(got, want) || strings.Contains(got, "u:p") || strings.Contains(got, "secret") {
		t.Errorf("%s", got)
	}
}

// The outline of a plain spec shows the URL of each request, which defaults to the target.
func TestOutlineOfPlainRequests(t *testing.T) {
	var out bytes.Buffer
	Outline(&out, loadgen.Spec{Kind: loadgen.Avalanche, Target: "http://h.example/", Requests: []loadgen.Request{{Name: "a", Method: "GET", URL: "/a?token=abc"}, {Name: "b", Method: "POST"}}})
	if want := "  GET /a?token=(hidden)\n  POST http://h.example/\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("%s", out.String())
	}
}
