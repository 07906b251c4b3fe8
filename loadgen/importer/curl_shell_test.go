package importer

import (
	"strings"
	"testing"

	"landfall/loadgen/script"
)

// What a shell does with the response is dropped and noted. The lines are those of public documentation, shortened.
func TestWhatFollowsARequestIsDropped(t *testing.T) {
	for line, dropped := range map[string]string{
		`curl -s localhost/api/foo | jq '.[] | { name: .author.name }'`:                    `| jq '.[] | { name: .author.name }'`,
		"curl -s localhost/api/foo | \\\n  jq .":                                           "| \\\n  jq .",
		`curl -o logo.png localhost/api/foo && echo "done | $X"`:                           `&& echo "done | $X"`,
		`curl localhost/api/foo>>"$cert file" 2>/dev/null -H 'B: c'`:                       `>>"$cert file" 2>/dev/null`,
		`curl localhost/api/foo 2>&1|sh -s -- -b $(go env GOPATH)/bin`:                     `2>&1 |sh -s -- -b $(go env GOPATH)/bin`,
		`curl localhost/api/foo &> log; exit`:                                              `&> log ; exit`,
		`curl localhost/api/foo </dev/null || true # "`:                                    `</dev/null || true # "`,
		`curl localhost/api/foo;`:                                                          "",
		`% curl localhost/api/foo &`:                                                       "",
		`sudo curl localhost/api/foo # it's a comment`:                                     "",
		"curl.exe localhost/api/foo `\r\n  -s":                                             "",
		`PS C:\Users\ann> curl.exe localhost/api/foo > x.json`:                             `> x.json`,
		`TOKEN=$(curl -s localhost/api/foo | jq -r '.token')`:                              `| jq -r '.token'`,
		"status=\"`curl -s localhost/api/foo`\"":                                           "",
		"C:\\> curl ^\"localhost/api/foo^\" -s 2>nul":                                      ">nul",
		"curl ^\"localhost/api/foo^\" ^\r\n -H ^\"A: b^\" | findstr /c:\"a ^& b\" & pause": "| findstr /c:\"a ^& b\" & pause",
	} {
		i, err := fromCurl(line)
		want := ""
		if dropped != "" {
			want = "left out, as it does not change the request: " + dropped
		}
		notes := strings.Join(i.Notes, "; ")
		if err != nil || i.Spec.Target != "http://localhost/api/foo" || notes != want {
			t.Errorf("%s: %v, target %s, notes %q, want %q", line, err, i.Spec.Target, notes, want)
		}
		if i, _ := fromCurl(line); strings.Contains(line, "'B: c'") && i.Spec.Headers["B"] != "c" {
			t.Errorf("%s: headers %q", line, i.Spec.Headers)
		}
	}
}

func TestWhatIsNotOnlyOneRequest(t *testing.T) {
	for line, want := range map[string]string{
		`curl localhost/a | jq -r .id | xargs -I{} curl localhost/{}`:       "sends another request",
		`curl localhost/a && curl localhost/b`:                              "sends another request",
		`cat x.json | curl localhost/a -d @-`:                               `"cat | curl localhost/a -d @-": curl's input comes from another program`,
		"curl -d @- localhost/a <<EOF\n{}\nEOF":                             "standard input cannot be imported",
		`curl -d @- localhost/a < x.json`:                                   "standard input cannot be imported",
		`curl -d @<(date) localhost/a`:                                      "a redirection without a file",
		"curl ^\"localhost/a^\" & curl ^\"localhost/b^\"":                   "sends another request",
		`curl "http://$HOST/a"`:                                             `http://$HOST/a: the host cannot be a variable`,
		`curl -X $METHOD localhost/a`:                                       "$METHOD: a variable can be in the path, query, headers and body",
		`curl -u "$USER:it's" localhost/a`:                                  `"$USER:it's": beside a variable`,
		`curl localhost/aaaaaaaaaaaaaaaaaaaaaaaaaaa "$A/$LONG_NAME_OF_IT" `: `"$A/$…": there must be one URL`,
		`curl localhost/${X:-1}`:                                            "${X:-1}: a shell would expand it",
	} {
		if _, err := fromCurl(line); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), markBegin) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}

// Variables of the shell are filled in from the environment of the run, in the place and with the encoding that they have in the command.
func TestShellVariables(t *testing.T) {
	i, err := fromCurl(`curl -u "ann:$PASS" -H "X-Id: ${ID}" -d "{\"t\": \"$HOME\", \"p\": 5$}" -H 'X-Raw: $RAW' "http://a:81/v1/$ID/x?q=%24$Q"`)
	if err != nil {
		t.Fatal(err)
	}
	s := i.Spec
	for got, want := range map[string]string{
		s.Target:                   "http://a:81/",
		s.Requests[0].URL:          "/v1/{{raw env.ID}}/x?q=%24{{raw env.Q}}",
		s.Headers["Authorization"]: "Basic {{base64 'ann:' secret.PASS}}",
		s.Headers["X-Id"]:          "{{raw env.ID}}",
		s.Headers["X-Raw"]:         "$RAW",
		s.Body:                     `{"t": "{{raw env.HOME}}", "p": 5$}`,
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if len(i.Notes) != 4 || !strings.Contains(strings.Join(i.Notes, "; "), "$PASS is {{secret.PASS}}: set it with -e PASS=VALUE") {
		t.Errorf("%q", i.Notes)
	}
	values := map[string]string{"ID": "7", "Q": "a%20b", "HOME": "h", "PASS": "k"}
	composed := s.Compose(func(name string) (string, bool) { v, ok := values[name]; return v, ok }).WithDefaults()
	compiled, err := script.Compile(composed, script.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sent := string(compiled.Requests[0].Constant)
	for _, want := range []string{"POST /v1/7/x?q=%24a%20b HTTP/1.1\r\n", "Authorization: Basic YW5uOms=\r\n", "X-Id: 7\r\n", `{"t": "h", "p": 5$}`} {
		if !strings.Contains(sent, want) {
			t.Errorf("no %q in %q", want, sent)
		}
	}
	if i, err := fromCurl("curl ^\"http://a/x?q=^%^20^&t=%TOKEN%^\""); err != nil || i.Spec.Requests[0].URL != "/x?q=%20&t={{raw secret.TOKEN}}" {
		t.Errorf("%+v, %v", i.Spec.Requests, err)
	}
}
