package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"landfall/loadgen/evidence"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

// TestExchangesAreShown: text shows a line or two of each, Markdown one line, the HTML page all of it, escaped.
func TestExchangesAreShown(t *testing.T) {
	run := reporttest.Faulty()
	run.Exchanges[1].Why = "status 503\x1b[2J"
	r := report.Build(run, reporttest.T0.Add(11*time.Second), "1.0")
	var text, page, markdown bytes.Buffer
	Text(&text, r, false)
	if err := HTML(&page, r); err != nil {
		t.Fatal(err)
	}
	if err := Markdown(&markdown, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"unexpected", "12 by status", "timeout: no complete response within 10s: buy, POST /buy, drv-01 at ", "POST /buy, drv-03 at 00:05.3", "      <h1>no stock</h1>\n", "slowest  240ms at 00:05.5 list (drv-01)",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("text has no %q:\n%s", want, text.String())
		}
	}
	for _, want := range []string{"<pre>&lt;h1&gt;no stock&lt;/h1&gt;\ntry later</pre>", "HTTP/1.1 503 Service Unavailable\nContent-Type: text/html", "Authorization: (hidden)", "Slowest requests"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if !strings.Contains(markdown.String(), "- timeout: no complete response within 10s: buy, POST /buy, drv-01") {
		t.Errorf("%s", markdown.String())
	}
	if strings.ContainsRune(text.String()+markdown.String(), '\x1b') {
		t.Error("a control character is shown")
	}
	r.Exchanges = nil
	for i := range 9 {
		r.Exchanges = append(r.Exchanges, evidence.Exchange{Cause: evidence.Status, Why: string(rune('a' + i))})
	}
	text.Reset()
	Text(&text, r, false)
	if !strings.Contains(text.String(), "and 4 more failures") {
		t.Errorf("%s", text.String())
	}
}
