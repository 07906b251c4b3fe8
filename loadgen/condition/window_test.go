package condition

import (
	"slices"
	"testing"
)

// second is one second of a test's run.
type second struct {
	requests, failed int64
	latency          int64
}

// run has a series for the whole fleet and one for a request named login.
type run struct {
	all, login []second
	stages     []int // their ends
}

func (r run) Stage(n int) (from, to int, ok bool) {
	if n > len(r.stages) {
		return 0, 0, false
	}
	if n > 1 {
		from = r.stages[n-2]
	}
	return from, r.stages[n-1], true
}

func (r run) Between(l Label, from, to int) (f Figures, ok bool) {
	list := r.all
	switch l {
	case Label{}:
	case Label{"request", "login"}:
		list = r.login
	default:
		return Figures{}, false
	}
	var latency values
	for _, s := range list[from:to] {
		f.Seconds++
		f.Requests += s.requests
		f.Responses += s.requests
		f.Unexpected += s.failed
		for range s.requests {
			latency = append(latency, s.latency)
		}
	}
	slices.Sort(latency)
	if len(latency) > 0 {
		f.Latency = latency
	}
	return f, true
}

func steady(n int, s second) []second { return slices.Repeat([]second{s}, n) }

func TestOver(t *testing.T) {
	fast := second{requests: 10, latency: 1000}
	slow := second{requests: 10, latency: 9000}
	r := run{all: slices.Concat(steady(20, fast), steady(5, slow), steady(35, fast)), login: steady(60, slow), stages: []int{20, 30}}
	for text, want := range map[string]Result{
		"p50<5ms":                       {Value: 1000, Passed: true, Judged: true, From: 0, To: 60},
		"p50[5s]<5ms":                   {Value: 9000, Judged: true, From: 18, To: 23}, // the first window with a slow half
		"p50[20s]<5ms":                  {Value: 1000, Passed: true, Judged: true, From: 0, To: 20},
		"p50{stage=2}<5ms":              {Value: 9000, Judged: true, From: 20, To: 30},
		"p50{stage=1}[30s]<5ms":         {Value: 1000, Passed: true, Judged: true, From: 0, To: 20}, // shorter than the window
		"p50{stage=3}<5ms":              {},
		"p50{request=login}<5ms":        {Value: 9000, Judged: true, From: 0, To: 60},
		"p50{request=log}<5ms":          {From: 0, To: 60},
		"rate[10s]>=10":                 {Value: 10, Passed: true, Judged: true, From: 0, To: 10},
		"p50{stage=2}[5s]<5ms":          {Value: 9000, Judged: true, From: 20, To: 25},
		"p50{request=login,stage=2}<1s": {Value: 9000, Passed: true, Judged: true, From: 20, To: 30},
	} {
		if got := must(t, text).Over(r, 0, 60); got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
	if got := must(t, "p50[5s]<5ms").Over(r, 30, 60); !got.Passed {
		t.Errorf("after the slow part: %+v", got)
	}
	if got := must(t, "p50<5ms").Over(r, 60, 60); got.Judged {
		t.Errorf("no second at all: %+v", got)
	}
}

// A target dies in the last fifth of a run: 20 % failed over the whole run, all over the last window.
func TestNow(t *testing.T) {
	good, dead := second{requests: 10, latency: 1000}, second{requests: 10, failed: 10, latency: 1000}
	r := run{all: slices.Concat(steady(96, good), steady(24, dead))}
	c := must(t, "failed<50%")
	first := 0
	for to := 1; to <= 120 && first == 0; to++ {
		if got := c.Now(r, 0, to); got.Judged && !got.Passed {
			first = to
		}
	}
	if first != 96+5 {
		t.Errorf("crossed after second %d, want 101", first)
	}
	if got := c.Over(r, 0, 120); !got.Passed {
		t.Errorf("over the whole run: %+v", got)
	}
}

func TestNowWaitsForItsOwnWindow(t *testing.T) {
	r := run{all: steady(30, second{requests: 10, failed: 10, latency: 1})}
	if got := must(t, "failed[20s]<50%").Now(r, 0, 19); got.Judged {
		t.Errorf("judged before its window was complete: %+v", got)
	}
	if got := must(t, "failed[20s]<50%").Now(r, 0, 20); !got.Judged || got.Passed || got.From != 0 {
		t.Errorf("%+v", got)
	}
	if got := must(t, "failed<50%").Now(r, 0, 3); !got.Judged || got.Passed || got.To != 3 {
		t.Errorf("an abort without a window waits: %+v", got)
	}
}
