package importer

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestNotCorrelated(t *testing.T) {
	for name, c := range map[string]struct{ first, response, later string }{
		"known before":    {"/a?x=0123456789", `{"a":"0123456789"}`, "/b?x=0123456789"},
		"short":           {"/a", `{"a":"1234567"}`, "/b?x=1234567"},
		"part of a word":  {"/a", `{"a":"0123456789"}`, "/b?x=01234567890"},
		"not a JSON text": {"/a", `{"a":"0123456789"`, "/b?x=0123456789"},
	} {
		text := `{"log":{"entries":[{"request":{"method":"GET","url":"http://a` + c.first + `"},"response":{"content":{"mimeType":"application/json","text":"` +
			strings.ReplaceAll(c.response, `"`, `\"`) + `"}}},{"request":{"method":"GET","url":"http://a` + c.later + `"}}]}}`
		i, err := scenarioFromHAR([]byte(text), nil, "", false)
		if err != nil || i.Spec.Scenarios[0].Steps[0].Extract != nil || i.Spec.Scenarios[0].Steps[1].Get != c.later {
			t.Errorf("%s: %+v, %v", name, i.Spec.Scenarios, err)
		}
	}
}

// A value is extracted from and filled into each part of a message, with the encoding that was recorded.
func TestCorrelated(t *testing.T) {
	const value = "tok/en+12=34"
	for name, c := range map[string]struct{ response, later, extract, sends string }{
		"JSON into a query":      {`"content":{"mimeType":"application/json","text":"{\"a\":[{\"t\":\"tok/en+12=34\"}]}"}`, `"method":"GET","url":"http://a/b?x=tok%2Fen%2B12%3D34"`, "JSON:$.a[0].t", "/b?x={{t_1}}"},
		"a number into a path":   {`"content":{"mimeType":"application/json","text":"{\"id\":12345678901234567890}"}`, `"method":"GET","url":"http://a/b/12345678901234567890/c"`, "JSON:$.id", "/b/{{id_1}}/c"},
		"a field into a form":    {`"content":{"mimeType":"text/html","text":"<input value='tok/en+12=34' name=\"csrf\">"}`, `"method":"POST","url":"http://a/b","headers":[{"name":"Content-Type","value":"application/x-www-form-urlencoded"}],"postData":{"mimeType":"application/x-www-form-urlencoded","text":"c=tok%2Fen%2B12%3D34&d=1"}`, "Regex:value", "c={{urlencode csrf_1}}&d=1"},
		"a header into a body":   {`"headers":[{"name":"X-Token","value":"tok/en+12=34"}]`, `"method":"POST","url":"http://a/b","headers":[{"name":"Content-Type","value":"application/json"}],"postData":{"mimeType":"application/json","text":"{\"t\":\"tok/en+12=34\"}"}`, "Header:X-Token", `{"t":"{{x_token_1}}"}`},
		"a cookie into a header": {`"headers":[{"name":"Set-Cookie","value":"a=1; Path=/\nxsrf=tok/en+12=34; Secure"}]`, `"method":"GET","url":"http://a/b","headers":[{"name":"X-XSRF-TOKEN","value":"tok/en+12=34"}]`, "Cookie:xsrf", "{{xsrf_1}}"},
	} {
		i, err := scenarioFromHAR([]byte(`{"log":{"entries":[{"request":{"method":"GET","url":"http://a/a"},"response":{`+c.response+`}},{"request":{`+c.later+`}}]}}`), nil, "", false)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		first, later := i.Spec.Scenarios[0].Steps[0], i.Spec.Scenarios[0].Steps[1]
		extracts, err := json.Marshal(first.Extract)
		text := requestText(&later)
		kind, _, _ := strings.Cut(strings.ToLower(c.extract), ":")
		if err != nil || len(first.Extract) != 1 || !strings.Contains(string(extracts), `"`+kind+`":`) || !strings.Contains(text, c.sends) || strings.Contains(text, value) {
			t.Errorf("%s: extracts %s, sends %s; want %s and %s", name, extracts, text, c.extract, c.sends)
		}
	}
}

// An archive with many values and long bodies takes a time that grows with its size, not with the product of both.
func TestCorrelatingALargeArchiveTakesLittleTime(t *testing.T) {
	const requests, values = 400, 500
	steps, sent := make([]loadgen.Step, requests), make([]*harEntry, requests)
	for n := range steps {
		steps[n] = loadgen.Step{Name: strconv.Itoa(n), Post: "http://shop.test/", Body: strings.Repeat("abcdefgh ", 4000)}
		list := make([]string, values)
		for v := range list {
			list[v] = fmt.Sprintf("%q", fmt.Sprint("value-", n*values+v))
		}
		sent[n] = &harEntry{}
		sent[n].Response.Content.MimeType, sent[n].Response.Content.Text = "application/json", "["+strings.Join(list, ",")+"]"
	}
	steps[requests-1].Body += fmt.Sprint("value-", values)
	i, began := &imported{}, time.Now()
	i.correlate(steps, sent)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	if len(i.Notes) != 1 || !strings.Contains(i.Notes[0], `of the response to "1"`) {
		t.Errorf("%q", i.Notes)
	}
}

// So does an archive of pages with many links, each of which is the only one of its name.
func TestCorrelatingManyLinksTakesLittleTime(t *testing.T) {
	var page strings.Builder
	for n := range 50_000 {
		fmt.Fprintf(&page, "<a href='/p%d/id-%d?q%d=value-%d'>", n, n, n, n)
	}
	sent := []*harEntry{{}, {}}
	sent[0].Response.Content.MimeType, sent[0].Response.Content.Text = "text/html", page.String()
	steps := []loadgen.Step{{Name: "page", Get: "/"}, {Name: "link", Get: "/p4000/x?q4000=value-4000"}}
	i, began := &imported{}, time.Now()
	i.correlate(steps, sent)
	if took := time.Since(began); took > time.Minute || steps[1].Get != "/p4000/x?q4000={{raw q4000_1}}" {
		t.Errorf("it took %v: %+v", took, steps)
	}
}
