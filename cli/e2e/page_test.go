//go:build e2e && unix

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPage uses the page of `landfall serve` in a real browser, from composing a run to its report.
func TestPage(t *testing.T) {
	b := newBrowser(t)
	f := newFleet(t, 3)
	site := start(t, "serve", "--brokers", f.brokers, "--listen", "127.0.0.1:0").firstLine()
	if !strings.HasPrefix(site, "http") {
		site = "http://" + site
	}
	b.do("open", chromedp.Navigate(site+"/"))
	b.shows("#status", `^3 drivers alive$`)
	b.looks("idle", "")

	// By mouse, with a number of requests: the totals equal the target's.
	b.click("#compose summary")
	b.fill("target", f.url)
	b.fill("rate", "400")
	b.fill("requests", "1200")
	b.fill("duration", "")
	b.click("#compose button.main")
	b.shows("#run", `RUN 00:`)
	b.shows("#figures", `requests[1-9]`)
	before := b.requests()
	eventually(t, 20*time.Second, "the numbers move", func() bool { return b.requests() > before })
	b.shows("#run", `● FINISHED 00:03`)
	if requests, _ := b.reportTotals(); requests != 1200 || f.counted().Requests != 1200 {
		t.Errorf("the report says %d, the target counted %d, want 1200 and 1200", requests, f.counted().Requests)
	}

	// By keyboard, with a duration; a driver is killed, and the run stopped.
	b.fill("requests", "")
	b.click("#compose summary")
	b.fill("rate", "300")
	b.fill("duration", "60\r")
	b.shows("#run", `RUN 00:`)
	eventually(t, 30*time.Second, "six seconds of the run", func() bool { return b.requests() >= 6*300 })
	b.click(`li[data-key=d2] button.danger`)
	b.sure()
	b.shows(`li[data-key=d2]`, `killed`)
	f.drivers[1].exit(10 * time.Second)
	b.shows("#figures", `coverage100%`)
	seen := b.requests()
	eventually(t, 30*time.Second, "five seconds after its share went to the others", func() bool { return b.requests() >= seen+5*300 })
	b.looks("run", os.Getenv("SCREENSHOTS"))
	b.click("[data-order=stop]")
	b.sure()
	b.shows("#run", `INTERRUPTED|FAILED`)
	requests, unknown := b.reportTotals()
	if n := f.counted().Requests - 1200; requests > n || n > requests+unknown {
		t.Errorf("the report says %d requests and %d unknown, the target counted %d", requests, unknown, n)
	}

	// Invalid values are reported at the form.
	b.do("no problem is shown yet", chromedp.WaitNotVisible("#notice", chromedp.ByQuery))
	b.fill("target", "nonsense")
	b.click("#compose button.main")
	b.shows("#problem", `target`)

	b.evaluates("document.activeElement.name", "target")
	b.quiet("422") // the last request was invalid on purpose
}

// Every control can be reached with Tab and shows its focus, destructive actions need a confirmation, and
// Escape cancels them.
func TestPageByKeyboard(t *testing.T) {
	b := newBrowser(t)
	f := newFleet(t, 1)
	b.do("open", chromedp.Navigate("http://"+strings.TrimPrefix(start(t, "serve", "--brokers", f.brokers, "--listen", "127.0.0.1:0").firstLine(), "http://")+"/"))
	b.shows("#drivers", `idle`)
	const reached = `(() => { const e = document.activeElement; const s = getComputedStyle(e);
		return (e.name || e.id || e.dataset.order || e.textContent.trim()) + (s.outlineStyle === 'none' || s.outlineWidth === '0px' ? ' unseen' : ''); })()`
	var names []string
	for range 20 {
		var name string
		b.do("tab", chromedp.KeyEvent(kb.Tab), chromedp.Evaluate(reached, &name))
		names = append(names, name)
	}
	for _, want := range []string{"kind", "target", "rate", "duration", "connections", "drivers", "thresholds", "More", "Trigger", "Drain", "Kill", "events"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not reached, or its focus is not visible: %q", want, names)
		}
	}
	kill := `li[data-key=d1] button.danger`
	b.do("focus", chromedp.Focus(kill, chromedp.ByQuery))
	for _, key := range []string{kb.Escape, kb.Enter} { // Enter activates the focused button: No
		b.do("ask", chromedp.KeyEvent(kb.Enter))
		b.evaluates("document.querySelector('#confirm').open && document.activeElement.value", "no")
		b.do("answer", chromedp.KeyEvent(key))
		b.evaluates("document.querySelector('#confirm').open", false)
		b.evaluates(fmt.Sprintf("document.activeElement === document.querySelector(%q)", kill), true)
	}
	if s := f.drivers[0].cmd.ProcessState; s != nil {
		t.Errorf("the driver has ended: %v", s)
	}
	b.do("ask", chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	b.evaluates("document.querySelector('#confirm').open && document.activeElement.value", "yes")
	b.do("kill", chromedp.KeyEvent(kb.Enter))
	f.drivers[0].exit(10 * time.Second)
	b.shows("#drivers", `killed`)
	b.quiet()
}

// The form's values reach the API unchanged, in the notation of the console.
func TestPageComposes(t *testing.T) {
	b := newBrowser(t)
	f := newFleet(t, 0)
	b.do("open", chromedp.Navigate(strings.TrimSuffix(f.serve().api, "api/v1")))
	b.shows("#status", `no driver is alive`)
	for _, c := range []struct{ fields, want string }{
		{`{}`, `{"spec":{"test_type":"tsunami","target":"http://x/","duration_us":30000000,"rate_rps":1000}}`},
		{`{"rate":"1.5k","duration":"1m30s","connections":"8","drivers":"3"}`,
			`{"spec":{"test_type":"tsunami","target":"http://x/","connections":8,"duration_us":90000000,"rate_rps":1500},"count":3,"wait_for_us":30000000}`},
		{`{"rate":"","delay":"10ms","duration":"","each":"1,000","drivers":"a, b,zone=c=d","poisson":"on"}`,
			`{"spec":{"test_type":"tsunami","target":"http://x/","message_count_per_driver":1000,"test_message_delay_us":10000,"arrivals":"poisson"},"wait_for_us":30000000,"drivers":["a","b"],"labels":{"zone":"c=d"}}`},
		{`{"stages":"30s 1k, 500ms 0","duration":"","thresholds":"p99<250ms, !errors<1%"}`,
			`{"spec":{"test_type":"tsunami","target":"http://x/","thresholds":[{"expr":"p99<250ms"},{"expr":"errors<1%","abort":true}],"stages":[{"duration_us":30000000,"to_rps":1000},{"duration_us":500000,"to_rps":0}]}}`},
		{`{"kind":"avalanche","duration":"","requests":"50k","burst":"on","headers":"A: b:c\n\nD:e","body":"x","method":"PUT","expect":"200, 404","insecure":"on","drivers":"all"}`,
			`{"spec":{"test_type":"avalanche","target":"http://x/","message_count":50000,"method":"PUT","headers":{"A":"b:c","D":"e"},"body":"x","expect":{"statuses":[200,404]},"tls":{"insecure":true},"burst":true}}`},
		{`{"duration":"soon","rate":"many"}`, `{"spec":{"test_type":"tsunami","target":"http://x/","duration_us":"soon","rate_rps":"many"}}`},
	} {
		var got string
		b.do("compose", chromedp.Evaluate(`(async () => {
			const form = document.querySelector('#compose');
			form.reset();
			for (const [name, value] of Object.entries({ target: 'http://x/', ...`+c.fields+` })) {
				const field = form.elements[name];
				if (field.type === 'checkbox') field.checked = true; else field.value = value;
			}
			return JSON.stringify((await import('/page/compose.js')).order(form));
		})()`, &got, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.fields, got, c.want)
		}
	}
	b.quiet()
}

// Where WebSockets are blocked, the page falls back to server-sent events.
func TestPageWithoutWebSockets(t *testing.T) {
	b := newBrowser(t)
	f := newFleet(t, 1)
	serve := f.serve()
	const none = `WebSocket = class { constructor() { setTimeout(() => this.onclose(), 10); } };`
	b.do("open", chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(none).Do(ctx)
		return err
	}), chromedp.Navigate(strings.TrimSuffix(serve.api, "api/v1")))
	b.shows("#status", `^1 driver alive$`)
	b.fill("target", f.url)
	b.fill("duration", "2s\r")
	b.shows("#run", `FINISHED`)
	b.shows("#live", `LIVE`)
	serve.kill()
	b.shows("#live", `disconnected`)
}

// For a run of another service, the page offers only to stop it or to take the helm, and all controls after
// that.
func TestPageTakesTheHelm(t *testing.T) {
	b := newBrowser(t)
	f := newFleet(t, 1)
	spec := fmt.Sprintf(`{"spec": {"test_type": "tsunami", "target": %q, "rate_rps": 100, "duration_us": 120000000}}`, f.url)
	other := f.serve()
	eventually(t, 20*time.Second, "the run is made", func() bool { return other.call("POST", "/runs", spec, nil) == http.StatusCreated })
	b.do("open", chromedp.Navigate(strings.TrimSuffix(f.serve().api, "api/v1")))
	b.shows("#run", `helm: .+`)
	const offered = "[...document.querySelectorAll('#steer button')].filter((b) => b.offsetParent).map((b) => b.textContent).join()"
	b.evaluates(offered, "Take the helm,Stop")
	b.click("[data-order=adopt]")
	b.sure()
	b.evaluates(offered, "Pause,Stop,Adjust")
	b.click("[data-order=pause]")
	b.shows("#run", `PAUSED`)
	b.click("[data-order=resume]")
	b.shows("#run", `RUN`)
	b.do("adjust", chromedp.SendKeys("#adjust input", "0.2k\r", chromedp.ByQuery))
	b.shows("#figures", `of 200[^/]`)
	b.click("[data-order=stop]")
	b.sure()
	b.shows("#run", `INTERRUPTED`)
	b.quiet()
}

// The page asks for a token, and offers what its role permits.
func TestPageAsksForAToken(t *testing.T) {
	b := newBrowser(t)
	f := newFleet(t, 1)
	tokens := filepath.Join(t.TempDir(), "tokens")
	write(t, tokens, "ann operator 0123456789abcdef\nbob viewer fedcba9876543210\n")
	serve := f.serve("--token-file", tokens)
	b.do("open", chromedp.Navigate(strings.TrimSuffix(serve.api, "api/v1")))
	enter := func(token string) {
		t.Helper()
		b.do("enter", chromedp.WaitVisible("#login input", chromedp.ByQuery), chromedp.Evaluate("document.querySelector('#login input').value = ''", nil), chromedp.SendKeys("#login input", token+"\r", chromedp.ByQuery))
	}
	enter("0123456789abcdex")
	b.shows("#live", `a token is needed`)
	enter("fedcba9876543210")
	b.shows("#status", `^1 driver alive$`)
	b.do("a viewer has no controls", chromedp.WaitNotVisible("#compose", chromedp.ByQuery), chromedp.WaitNotVisible(`li[data-key=d1] button.danger`, chromedp.ByQuery))
	b.do("leave", chromedp.Evaluate("sessionStorage.clear(); location.reload()", nil))
	enter("0123456789abcdef")
	b.do("an operator has controls", chromedp.WaitVisible("#compose", chromedp.ByQuery))
	b.fill("target", f.url)
	b.fill("duration", "1s\r")
	b.shows("#run", `started by ann`)
	b.quiet("401")
}
