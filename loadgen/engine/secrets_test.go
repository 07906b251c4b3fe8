package engine

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// Evidence contains no value that setup or steps extracted, wherever it was sent or returned: in paths, queries and bodies, verbatim or
// escaped.
func TestEvidenceHidesWhatStepsExtract(t *testing.T) {
	const plain, odd, step = "correcthorse", "battery/staple pie", "xyzzyplugh"
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			switch {
			case q.URL.Path == "/setup":
				fmt.Fprintf(w, `{"plain": %q, "odd": %q}`, plain, odd)
			case q.URL.Path == "/login":
				fmt.Fprintf(w, `{"it": %q}`, step)
			default:
				w.WriteHeader(500)
				fmt.Fprintf(w, "you sent %s and %s and %s to %s", plain, odd, step, q.URL.Path)
			}
		}, nil)
		values := func(names ...string) map[string]loadgen.Extract {
			m := map[string]loadgen.Extract{}
			for _, name := range names {
				m[name] = loadgen.Extract{JSON: "$." + name}
			}
			return m
		}
		spec := loadgen.Spec{Target: r.url, Users: 1, Count: 4, Timeout: loadgen.Duration(time.Minute),
			Setup: []loadgen.Step{{Name: "get", Get: "/setup", Extract: values("plain", "odd")}},
			Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
				{Name: "login", Get: "/login", Extract: map[string]loadgen.Extract{"session": {JSON: "$.it"}}},
				{Name: "use", Get: "/of/{{plain}}/{{odd}}/{{session}}", Query: map[string]string{"page": "{{plain}}", "sort": "{{odd}}"}, Headers: map[string]string{"Range": "{{session}}"}},
			}}},
		}
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		list, slow := evidenceOf(m)
		text := fmt.Sprintf("%+v %+v", list, slow)
		if len(list) == 0 || !strings.Contains(text, "you sent (hidden) and (hidden) and (hidden)") {
			t.Errorf("%s", text)
		}
		for _, secret := range []string{plain, odd, step, url.PathEscape(odd), url.QueryEscape(odd)} {
			if strings.Contains(text, secret) {
				t.Errorf("%s is shown: %s", secret, text)
			}
		}
	})
}

// What functions compute from secrets is in no evidence, whether it is the same in each request or not, of users and of plain requests.
func TestEvidenceHidesWhatFunctionsCompute(t *testing.T) {
	const secret = "correcthorse"
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			body, _ := io.ReadAll(q.Body)
			w.WriteHeader(500)
			fmt.Fprintf(w, "you sent %s", body)
		}, nil)
		const body = `fixed {{sha256 "a" secret.PW}} {{base64 "u:" secret.PW}} varying {{hmac secret.PW now}} {{sha1 secret.PW uuid}} plain {{sha256 "abc"}}`
		plain := loadgen.Spec{Target: r.url, Count: 2, Connections: 1, Method: "POST", Body: body, Timeout: loadgen.Duration(time.Minute)}
		users := loadgen.Spec{Target: r.url, Users: 1, Count: 2, Timeout: loadgen.Duration(time.Minute), Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Post: "/", Body: body}}}}}
		for _, spec := range []loadgen.Spec{plain, users} {
			spec.Secrets = map[string]string{"PW": secret}
			share := loadgen.Share{}
			if len(spec.Scenarios) > 0 {
				share.Schedule = spec.UserSchedule()
			}
			list, _ := evidenceOf(carry(t, spec, o, share, nil))
			text := fmt.Sprintf("%+v", list)
			if len(list) == 0 || !strings.Contains(text, "you sent fixed (hidden) ") || !strings.Contains(text, " varying (hidden) (hidden) plain (hidden)") {
				t.Errorf("%s", text)
			}
			for _, shown := range []string{"Y29ycmVjdGhvcnNl", "Y3RvaG9yc2", "JyZWN0aG9yc2", evidence.Encodings(secret)[8]} {
				if strings.Contains(text, shown) {
					t.Errorf("%s is shown: %s", shown, text)
				}
			}
		}
	})
}
