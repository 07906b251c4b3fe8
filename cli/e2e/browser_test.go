//go:build e2e && unix

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a page in a headless Chromium, with its errors.
type browser struct {
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

func newBrowser(t testing.TB) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("needs Chromium")
		}
		t.Skip("needs Chromium (chromium)")
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WSURLReadTimeout(60*time.Second))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	return b
}

// listen records errors, warnings and uncaught exceptions.
func (b *browser) listen(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Error()
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			for _, arg := range e.Args {
				text += string(arg.Value) + arg.Description
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			text = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if text != "" {
		b.mu.Lock()
		b.problems = append(b.problems, text)
		b.mu.Unlock()
	}
}

func (b *browser) do(what string, actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		var seen string
		_ = chromedp.Run(b.ctx, chromedp.Text("body", &seen, chromedp.ByQuery))
		b.t.Fatalf("%s: %v; the page:\n%s", what, err, seen)
	}
}

// text returns the text of an element.
func (b *browser) text(selector string) (text string) {
	b.t.Helper()
	b.do("read "+selector, chromedp.Evaluate(fmt.Sprintf("(document.querySelector(%q) || {textContent: ''}).textContent", selector), &text))
	return text
}

// shows waits until an element's text matches a pattern.
func (b *browser) shows(selector, pattern string) {
	b.t.Helper()
	re := regexp.MustCompile(pattern)
	var last string
	for deadline := time.Now().Add(30 * time.Second); !re.MatchString(last); time.Sleep(50 * time.Millisecond) {
		if last = b.text(selector); time.Now().After(deadline) {
			b.t.Fatalf("%s never showed %q but %q; the page:\n%s", selector, pattern, last, b.text("main"))
		}
	}
}

// fill replaces the value of a field.
func (b *browser) fill(field, value string) {
	b.t.Helper()
	selector := fmt.Sprintf("#compose [name=%s]", field)
	b.do("fill "+field, chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q).value = ''", selector), nil), chromedp.SendKeys(selector, value, chromedp.ByQuery))
}

func (b *browser) click(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible)); err != nil {
		b.picture(filepath.Join(os.TempDir(), "landfall-page.png"))
		b.t.Fatalf("click %s: %v; the page:\n%s", selector, err, b.text("main"))
	}
}

func (b *browser) sure() { b.t.Helper(); b.click("#confirm [value=yes]") }

// requests returns the run's number of requests on the page.
func (b *browser) requests() (n int64) {
	b.t.Helper()
	if m := regexp.MustCompile(`requests([\d,]+)`).FindStringSubmatch(b.text("#figures")); m != nil {
		n, _ = strconv.ParseInt(strings.ReplaceAll(m[1], ",", ""), 10, 64)
	}
	return n
}

// reportTotals returns requests and unknown of the newest run's report on the page.
func (b *browser) reportTotals() (requests, unknown int64) {
	b.t.Helper()
	var id string
	b.do("which", chromedp.Evaluate("document.querySelector('#history li').dataset.key", &id))
	b.click("#history li:first-child button")
	b.evaluates("document.querySelector('#report').open && document.querySelector('#h-report').textContent", id)
	text := b.text("#report pre")
	for name, into := range map[string]*int64{"requests": &requests, "unknown": &unknown} {
		if m := regexp.MustCompile(`(?m)^\s*` + name + `\s+(?:at most )?([\d,]+)`).FindStringSubmatch(text); m != nil {
			*into, _ = strconv.ParseInt(strings.ReplaceAll(m[1], ",", ""), 10, 64)
		}
	}
	b.click("#report button.main")
	if requests == 0 {
		b.t.Fatalf("no requests in the report:\n%s", text)
	}
	return requests, unknown
}

// looks checks in both themes and widths that nothing is wider than the window, and takes screenshots if
// there is a folder.
func (b *browser) looks(name, folder string) {
	b.t.Helper()
	for _, width := range []int64{1280, 360} {
		for _, theme := range []string{"dark", "light"} {
			var wide int64
			b.do("look", emulation.SetDeviceMetricsOverride(width, 900, 1, width < 500),
				emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}),
				chromedp.Sleep(300*time.Millisecond), // until the charts have resized, which has no other sign
				chromedp.Evaluate("document.documentElement.scrollWidth", &wide))
			if wide > width {
				b.t.Errorf("%s: %d wide in a window of %d", name, wide, width)
			}
			if folder != "" {
				b.picture(filepath.Join(folder, fmt.Sprintf("%s-%s-%d.png", name, theme, width)))
			}
		}
	}
	b.do("look", emulation.SetDeviceMetricsOverride(1280, 900, 1, false))
}

func (b *browser) picture(path string) {
	b.t.Helper()
	var picture []byte
	b.do("picture", chromedp.FullScreenshot(&picture, 100))
	write(b.t, path, string(picture))
}

// evaluates waits until an expression has the wanted value.
func (b *browser) evaluates(expression string, want any) {
	b.t.Helper()
	var got any
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if b.do("evaluate "+expression, chromedp.Evaluate(expression, &got)); fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s is %v, want %v; the page:\n%s", expression, got, want, b.text("main"))
		}
	}
}

// quiet checks that the browser reported no errors except the allowed ones.
func (b *browser) quiet(allowed ...string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		if !slices.ContainsFunc(allowed, func(a string) bool { return strings.Contains(p, a) }) {
			b.t.Errorf("in the browser's console: %s", p)
		}
	}
}

// openPage opens the page of a fleet of one driver.
func openPage(t testing.TB) (*browser, *fleet, *service) {
	t.Helper()
	b := newBrowser(t)
	f := newFleet(t, 1)
	serve := f.serve()
	b.do("open", chromedp.Navigate(strings.TrimSuffix(serve.api, "api/v1")))
	b.shows("#status", `^1 driver alive$`)
	return b, f, serve
}
