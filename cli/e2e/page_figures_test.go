//go:build e2e && unix

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The page has the figures of the console: the failures of the newest second, thresholds with a sign and, after the end, what the report says,
// in the figures and in the legends of the charts.
func TestPageFigures(t *testing.T) {
	b, f, serve := openPage(t)
	spec := fmt.Sprintf(`{"spec": {"test_type": "tsunami", "target": %q, "rate_rps": 100, "duration_us": 60000000, "expect": {"statuses": [204]},
		"thresholds": [{"expr": "p99<10s"}, {"expr": "failed<1%%"}]}}`, f.url)
	eventually(t, 20*time.Second, "the run is made", func() bool { return serve.call("POST", "/runs", spec, nil) == http.StatusCreated })
	b.shows("#history", `● running`)
	b.shows("#figures", `failed now100%[\s\S]*p99<10s✓ [\d.]+.s[\s\S]*failed<1%✖ 100%`)
	b.shows("#rate", `time:? *00:\d\d[\s\S]*answered:? *\d+/s[\s\S]*failed:? *\d+/s[\s\S]*asked:? *100/s`)
	b.shows("#run", `RUN 00:04`)
	b.click("[data-order=stop]")
	b.sure()
	b.shows("#run", `◆ INTERRUPTED 00:`)
	b.shows("#rate", `time:? *whole run`)
	b.shows("#latency", `time:? *whole run[\s\S]*p50:? *[\d.]+.s`)
	var id string
	b.do("which", chromedp.Evaluate("document.querySelector('#history li').dataset.key", &id))
	var run, report struct {
		DurationMS int64   `json:"duration_ms"`
		MeanRPS    float64 `json:"mean_rps"`
		RateRPS    float64 `json:"rate_rps"`
	}
	if serve.call("GET", "/runs/"+id, "", &run) != http.StatusOK || serve.call("GET", "/runs/"+id+"/report", "", &report) != http.StatusOK ||
		run.DurationMS != report.DurationMS || run.MeanRPS != report.RateRPS || run.MeanRPS == 0 {
		t.Errorf("the run is %+v, its report %+v", run, report)
	}
	b.shows("#run", fmt.Sprintf("◆ INTERRUPTED 00:%02d ", run.DurationMS/1000))
	b.click("#history li:first-child button")
	b.shows("#report pre .warn", `^◆ INTERRUPTED$`)
	b.quiet()
}

// Figures of runs and events, in the words of the console and of reports.
func TestPageWords(t *testing.T) {
	b := newBrowser(t)
	f := newFleet(t, 0)
	b.do("open", chromedp.Navigate(strings.TrimSuffix(f.serve().api, "api/v1")))
	const run = `started_at: '2026-03-14T09:14:00Z', until_us: 60e6`
	for script, want := range map[string]string{
		`phaseOf({` + run + `, phase: 'finished', outcome: 'failed', ended_at: '2026-03-14T09:15:40Z', duration_ms: 54000}, 0).join()`: "✖ FAILED 00:54,bad",
		`phaseOf({` + run + `, phase: 'finished', ended_at: '2026-03-14T09:15:40Z'}, 0).join()`:                                        "ENDED 01:00,faint",
		`phaseOf({` + run + `, phase: 'started', warmup_us: 10e6}, '2026-03-14T09:14:03Z').join()`:                                     "WARM-UP 00:03/00:10,warn",
		`outcomeOf('started').join()`:                   "running,●,accent",
		`outcomeOf('interrupted').join()`:               "interrupted,◆,warn",
		`[moment(5432), moment(94100)].join()`:          "00:05.4,01:34.1",
		`[percent(9997, 1e4), percent(51, 1e3)].join()`: "99.97%,5.1%",
	} {
		var got string
		call := script
		for _, name := range []string{"phaseOf", "outcomeOf", "moment", "percent"} {
			call = strings.ReplaceAll(call, name+"(", "words."+name+"(")
		}
		b.do("call", chromedp.Evaluate(`(async () => { const words = await import('/page/words.js'); return `+call+`; })()`, &got,
			func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
		if got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
	b.quiet()
}
