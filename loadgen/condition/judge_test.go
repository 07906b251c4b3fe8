package condition

import (
	"testing"
)

// values are sorted times in microseconds.
type values []int64

func (v values) Count() int64 { return int64(len(v)) }

func (v values) Min() int64 { return v[0] }

func (v values) Max() int64 { return v[len(v)-1] }

func (v values) Mean() float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x)
	}
	return sum / float64(len(v))
}

func (v values) Quantile(q float64) int64 { return v[min(int(q*float64(len(v))), len(v)-1)] }

func must(t *testing.T, text string) Condition {
	t.Helper()
	c, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return c
}

func TestJudge(t *testing.T) {
	f := Figures{Seconds: 10, Requests: 1000, Responses: 990, Unexpected: 40, Dropped: 250, Unknown: 0, Checks: 200, FailedChecks: 2, Coverage: 0.5,
		Latency: values{1000, 2000, 3000, 10_000}, Service: values{500}}
	for text, want := range map[string]Result{
		"errors<1%":        {Value: 1, Passed: false},
		"errors<=1%":       {Value: 1, Passed: true},
		"errors==10":       {Value: 10, Passed: true},
		"unexpected<4%":    {Value: 4, Passed: false},
		"failed<5.1%":      {Value: 5, Passed: true},
		"dropped<20%":      {Value: 20, Passed: false},
		"unknown==0":       {Value: 0, Passed: true},
		"checks>98.9%":     {Value: 99, Passed: true},
		"checks==198":      {Value: 198, Passed: true},
		"requests>=1000":   {Value: 1000, Passed: true},
		"responses>990":    {Value: 990, Passed: false},
		"rate>=100":        {Value: 100, Passed: true},
		"coverage>=99%":    {Value: 50, Passed: false},
		"p99<10ms":         {Value: 10_000, Passed: false},
		"mean<=4ms":        {Value: 4000, Passed: true},
		"min>=1ms":         {Value: 1000, Passed: true},
		"max<11ms":         {Value: 10_000, Passed: true},
		"service.p50<1ms":  {Value: 500, Passed: true},
		"p50<2.5ms":        {Value: 3000, Passed: false},
		"latency.p50<=3ms": {Value: 3000, Passed: true},
	} {
		want.Judged = true
		if got := must(t, text).Judge(f); got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}

func TestJudgeOfNothing(t *testing.T) {
	unanswered := Figures{Seconds: 1, Requests: 5}
	for text, want := range map[string]Result{
		"p99<1s":      {Judged: true}, // every request failed: nothing shows that it holds
		"failed<1%":   {Value: 100, Judged: true},
		"checks>99%":  {},
		"checks==0":   {},
		"rate>=1":     {Value: 5, Judged: true, Passed: true},
		"lag.p99<1ms": {Judged: true},
	} {
		if got := must(t, text).Judge(unanswered); got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
	if r := must(t, "p99<1s").Judge(Figures{}); r.Judged || r.Passed {
		t.Errorf("nothing was sent: %+v", r)
	}
	if r := must(t, "failed<1%").Judge(Figures{}); !r.Judged || !r.Passed {
		t.Errorf("nothing was sent: %+v", r)
	}
}
