package importer

import (
	"reflect"
	"testing"

	"landfall/loadgen"
)

// session is the archive of a session with a login, an order and a form.
const session = `{"log":{"entries":[

 {"startedDateTime":"2026-01-02T10:00:00.000Z","time":100,"request":{"method":"POST","url":"http://shop.test/login","headers":[{"name":"User-Agent","value":"b"},{"name":"Content-Type","value":"application/json"}],"postData":{"text":"{\"user\":\"user1\"}"}},
  "response":{"status":200,"headers":[{"name":"X-Request-Id","value":"never-used-again"}],"cookies":[{"name":"xsrf","value":"xsrf+cookie/1"}],"content":{"mimeType":"application/json","text":"{\"token\":\"tok-0123456789\",\"list\":[{\"order id\":1},{\"id\":\"order/42-4242\"}],\"user\":\"user1\"}"}}},
 {"startedDateTime":"2026-01-02T10:00:00.050Z","time":20,"request":{"method":"GET","url":"http://shop.test/logo.png","headers":[]},"response":{"content":{"mimeType":"image/png"}}},
 {"startedDateTime":"2026-01-02T10:00:02.100Z","time":50,"request":{"method":"GET","url":"http://shop.test/orders/order%2F42-4242?x=1","headers":[{"name":"User-Agent","value":"b"},{"name":"Authorization","value":"Bearer tok-0123456789"},{"name":"Cookie","value":"xsrf=xsrf+cookie/1"}]},
  "response":{"content":{"mimeType":"text/html; charset=utf-8","text":"<form><input type=\"hidden\" name=\"csrf\" value=\"c+s r/f-token\"><input name='q' value=''></form>"}}},
 {"startedDateTime":"2026-01-02T10:00:02.300Z","time":50,"request":{"method":"POST","url":"http://shop.test/cart","headers":[{"name":"User-Agent","value":"b"},{"name":"Content-Type","value":"application/x-www-form-urlencoded"},{"name":"X-XSRF","value":"xsrf+cookie/1"}],"postData":{"text":"csrf=c%2Bs%20r%2Ff-token&item=1"}}}
]}}`

func TestScenarioFromHAR(t *testing.T) {
	got, err := scenarioFromHAR([]byte(session), nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	want := loadgen.Spec{
		Target: "http://shop.test/", Users: 1, Duration: scenarioDuration, Headers: map[string]string{"User-Agent": "b"},
		Scenarios: []loadgen.Scenario{{Name: "recorded", Steps: []loadgen.Step{
			{Name: "POST /login", Post: "/login", Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"user":"user1"}`, Extract: map[string]loadgen.Extract{
				"token_1": {JSON: "$.token"}, "id_1": {JSON: "$.list[1].id"}, "xsrf_1": {Cookie: "xsrf"},
			}},
			{Think: "2s"},
			{Name: "GET /orders/order%2F42-4242", Get: "/orders/{{id_1}}?x=1", Headers: map[string]string{"Authorization": "Bearer {{token_1}}"}, Extract: map[string]loadgen.Extract{
				"csrf_2": {Regex: `name\s*=\s*"csrf"[^>]*value\s*=\s*"([^"]*)"`},
			}},
			{Name: "POST /cart", Post: "/cart", Headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "X-XSRF": "{{xsrf_1}}"}, Body: "csrf={{urlencode csrf_2}}&item=1"},
		}}},
	}
	if !reflect.DeepEqual(got.Spec, want) {
		t.Errorf("got  %+v\nwant %+v", got.Spec, want)
	}
	notes := []string{
		"left out: 1 asset (images, styles, scripts, fonts; see --assets)",
		"left out: 1 Cookie header: users send the cookies that the target sets",
		`correlated: JSON $.token of the response to "POST /login" is {{token_1}} in later requests (1 time)`,
		`correlated: cookie xsrf of the response to "POST /login" is {{xsrf_1}} in later requests (1 time)`,
		`correlated: JSON $.list[1].id of the response to "POST /login" is {{id_1}} in later requests (1 time)`,
		`correlated: field csrf of the response to "GET /orders/order%2F42-4242" is {{csrf_2}} in later requests (1 time)`,
	}
	if !reflect.DeepEqual(got.Notes, notes) {
		t.Errorf("notes %q\nwant %q", got.Notes, notes)
	}
	checkImported(t, got.Spec)
	if all, err := scenarioFromHAR([]byte(session), nil, "", true); err != nil || len(all.Spec.StepNames()) != 4 {
		t.Errorf("with assets: %q, %v", all.Spec.StepNames(), err)
	}
}

// A scenario keeps the protocol and the error statuses of the recording, omits what belongs to the recording browser, and notes cookies
// that were set before the recording.
func TestScenarioKeepsWhatWasRecorded(t *testing.T) {
	i, err := scenarioFromHAR([]byte(`{"log":{"entries":[
 {"request":{"method":"GET","url":"https://shop.test/me","httpVersion":"HTTP/2","headers":[{"name":"Host","value":"shop.test"},{"name":"User-Agent","value":"b"},{"name":"Cookie","value":"sid=1; lang=en"}]},
  "response":{"status":401,"headers":[{"name":"Set-Cookie","value":"seen=1"}]}},
 {"request":{"method":"GET","url":"https://shop.test/","httpVersion":"HTTP/2","headers":[{"name":"User-Agent","value":"b"},{"name":"If-None-Match","value":"x"},{"name":"Cookie","value":"seen=1; sid=1"}]},"response":{"status":304}}]}}`), nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	steps := i.Spec.Scenarios[0].Steps
	if !i.Spec.HTTP2 || len(steps[0].Checks) != 1 || steps[0].Checks[0].Status != "401" || steps[1].Checks != nil || len(i.Spec.Headers) != 1 {
		t.Errorf("%+v", i.Spec)
	}
	want := []string{
		"GET /me: the recorded status 401 is what is expected",
		"left out: 2 Cookie headers: users send the cookies that the target sets",
		"no recorded response sets these cookies before a request sends them: sid, lang: users do not send them; record the login, too, or set headers.Cookie",
		"1 request is conditional (If-None-Match, If-Modified-Since): the target may respond with 304 and no body",
	}
	if !reflect.DeepEqual(i.Notes, want) {
		t.Errorf("%q", i.Notes)
	}
}

func FuzzScenarioFromHAR(f *testing.F) {
	f.Add([]byte(session))
	f.Add([]byte(recorded))
	f.Fuzz(func(t *testing.T, data []byte) {
		if i, err := scenarioFromHAR(data, nil, "", false); err == nil {
			checkImported(t, i.Spec)
		}
	})
}
