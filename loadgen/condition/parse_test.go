package condition

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"p99<250ms":                       "p99<250000us",
		" p99.9 <= 1.5 s ":                "p99.9<=1500000us",
		"mean<20µs":                       "mean<20us",
		"max<1m":                          "max<60000000us",
		"latency.p50<1ms":                 "p50<1000us",
		"service.p99<1ms":                 "service.p99<1000us",
		"iteration.p95<3s":                "iteration.p95<3000000us",
		"lag.max<1ms":                     "lag.max<1000us",
		"errors<1%":                       "errors<1%",
		"failed == 0":                     "failed==0",
		"checks>=99.5%":                   "checks>=99.5%",
		"coverage>=99%":                   "coverage>=99%",
		"rate>=950":                       "rate>=950",
		"p99[10s]<300ms":                  "p99[10s]<300000us",
		"rate[1m30s]>=95":                 "rate[90s]>=95",
		"failed{request=login}<1%":        "failed{request=login}<1%",
		"failed{ step = log in }[5s]<2%":  "failed{step=log in}[5s]<2%",
		`p50{request="a, b}"}<1s`:         `p50{request="a, b}"}<1000000us`,
		`p50{request="\"\\"}<1s`:          `p50{request="\"\\"}<1000000us`,
		"p99{label.site=eu-1,stage=2}<1s": "p99{label.site=eu-1,stage=2}<1000000us",
		"responses{status=404}==0":        "responses{status=404}==0",
		"p99{status=5xx}<1s":              "p99{status=5xx}<1000000us",
		"checks{check=logged in}>99%":     "checks{check=logged in}>99%",
	} {
		c, err := Parse(text)
		if err != nil {
			t.Errorf("Parse(%q): %v", text, err)
			continue
		}
		if c.String() != want {
			t.Errorf("Parse(%q) is %s, want %s", text, c, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "must be like",
		"p99":                        "must be like",
		"p99<":                       "must be like",
		"p99<250":                    "needs a unit",
		"p99<250%":                   "needs a unit",
		"p99<250ms extra":            "needs a unit",
		"p100<1s":                    "there is no metric",
		"p0<1s":                      "there is no metric",
		"p-1<1s":                     "there is no metric",
		"latancy<1s":                 `there is no metric "latancy"`,
		"errors<1ms":                 "count or a percentage",
		"rate>950%":                  "no unit",
		"coverage>1":                 "percentage",
		"p99[1.5s]<1s":               "whole seconds",
		"p99[2h]<1s":                 "whole seconds",
		"p99[10s<1s":                 "whole seconds",
		"p99[0s]<1s":                 "whole seconds",
		"p99{}<1s":                   "labels must be like",
		"p99{request}<1s":            "labels must be like",
		"p99{request=a<1s":           "closed with }",
		`p99{request="a<1s`:          "must be closed",
		`p99{request="\n"}<1s`:       "can be escaped",
		"p99{request=}<1s":           "must have a value",
		"p99{colour=red}<1s":         `no label "colour"`,
		"p99{label.=x}<1s":           "no label",
		"p99{request=a,request=b}<s": "must be like",
		"p99{stage=1,stage=2}<1s":    "given once",
		"p99{request=a,driver=b}<1s": "one label",
		"p99{stage=0}<1s":            "number of a stage",
		"p99{stage=01}<1s":           "number of a stage",
		"p99{status=404}<1s":         "kept by class",
		"p99{status=ok}<1s":          "must be a class",
		"errors{status=5xx}<1%":      "belongs to times",
		"p99{check=a}<1s":            "belongs to checks",
		"service.p99[10s]<1s":        "for the whole run",
		"lag.p99{stage=2}<1s":        "for the whole run",
		"lag.p99{driver=a}<1s":       "not kept by driver",
		"p99<1e400s":                 "needs a unit",
		"p99<1.2.3s":                 "must be like",
		"requests<9999999999999999":  "at most 1e15",
		strings.Repeat("p", 401):     "at most 400",
		"p99{request=\xff}<1s":       "UTF-8",
	} {
		c, err := Parse(text)
		if err == nil {
			t.Errorf("Parse(%q) is %s, want an error", text, c)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): %v, want %q", text, err, want)
		}
	}
}

// FuzzParse checks that the printed form of an accepted condition is accepted and means the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"p99<250ms", `failed{request="a\"b",stage=2}[1m]<=1.5%`, "rate>=950", "service.p99.9{request=eu}==1s", "checks{check=a}>1%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(c.String())
		if err != nil {
			t.Fatalf("%q is %q, which is refused: %v", text, c, err)
		}
		if again.String() != c.String() {
			t.Fatalf("%q is %q, then %q", text, c, again)
		}
	})
}
