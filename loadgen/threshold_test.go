package loadgen

import (
	"errors"
	"strings"
	"testing"
	"time"

	"landfall/loadgen/field"
)

// A threshold on something that the spec has not could never be judged: it is refused before anybody starts.
func TestThresholdsAreAboutTheSpec(t *testing.T) {
	spec := Spec{Target: "http://127.0.0.1/", Stages: []Stage{{Duration: Duration(time.Second), To: 10}}, Requests: []Request{{Name: "login", URL: "/a"}, {Name: "cart", URL: "/b"}}}
	for expr, want := range map[string]string{
		"p99<250ms":                     "",
		"failed{request=login}[10s]<1%": "",
		"p99{step=cart,stage=1}<1s":     "",
		"responses{status=5xx}==0":      "",
		"p99{label.site=eu}<1s":         "",
		"failed{request=logn}<1%":       `request "logn": the spec has no request of that name`,
		"p99{stage=2}<1s":               "stage 2: the spec has 1",
		"speed<1":                       `there is no metric "speed"`,
		"p99<1kg":                       "needs a unit",
	} {
		spec.Thresholds = []Threshold{{Expr: expr}}
		err := spec.WithDefaults().Validate()
		var wrong *field.Error
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", expr, err)
		case want != "" && (!errors.As(err, &wrong) || wrong.Field != "thresholds" || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %q", expr, err, want)
		}
	}
}

func TestWarmupIsShorterThanTheRun(t *testing.T) {
	for warmup, ok := range map[time.Duration]bool{0: true, 3 * time.Second: true, 10 * time.Second: false, -time.Second: false, 1500 * time.Millisecond: false} {
		spec := Spec{Target: "http://127.0.0.1/", Duration: Duration(10 * time.Second), Warmup: Duration(warmup)}
		if err := spec.WithDefaults().Validate(); (err == nil) != ok {
			t.Errorf("%v: %v", warmup, err)
		}
	}
}
