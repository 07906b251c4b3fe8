package condition

import (
	"strings"
	"testing"
)

// Each label is accepted for the metrics that are recorded by it.
func TestLabelsOfMetrics(t *testing.T) {
	latency, service, responses, checks := Condition{Of: Latency, Metric: "p99"}, Condition{Of: Service, Metric: "p99"}, Condition{Metric: "responses"}, Condition{Metric: "checks"}
	for _, c := range []struct {
		label Label
		of    Condition
		want  string // "": accepted
	}{
		{Label{"driver", "d1"}, latency, ""}, {Label{"driver", "d1"}, service, "not kept by driver"}, {Label{"label.site", "eu"}, service, "not kept by driver"},
		{Label{"label.site/a-b_c.1", "eu"}, latency, ""}, {Label{"label.a b", "x"}, latency, "there is no label"}, {Label{"label." + strings.Repeat("x", maxLabel+1), "x"}, latency, "there is no label"},
		{Label{"status", "5xx"}, latency, ""}, {Label{"status", "404"}, latency, "kept by class"}, {Label{"status", "404"}, responses, ""}, {Label{"status", "5xx"}, checks, "belongs to times"},
		{Label{"status", "5x"}, responses, "must be a class"}, {Label{"status", "abc"}, responses, "must be a class"}, {Label{"status", "20x"}, responses, "must be a class"},
		{Label{"check", "a"}, checks, ""}, {Label{"check", "a"}, latency, "belongs to checks"},
		{Label{"stage", "1000"}, latency, ""}, {Label{"stage", "1001"}, latency, "number of a stage"}, {Label{"stage", "+1"}, latency, "number of a stage"},
		{Label{"request", strings.Repeat("x", maxLabel)}, latency, ""}, {Label{"request", strings.Repeat("x", maxLabel+1)}, latency, "at most 120"}, {Label{"step", "a\nb"}, latency, "printable"},
	} {
		switch err := c.label.check(c.of); {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s=%.20q of %s: %v, want %q", c.label.Name, c.label.Value, c.of.Metric, err, c.want)
		}
	}
}

func TestLabelsOfCondition(t *testing.T) {
	for want, c := range map[string]Condition{
		"given once": {Of: Latency, Labels: []Label{{"stage", "1"}, {"stage", "1"}}}, "give one label": {Of: Latency, Labels: []Label{{"request", "a"}, {"status", "2xx"}}},
		"no window and no stage": {Of: Lag, Labels: []Label{{"stage", "1"}}},
	} {
		if err := c.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", c, err, want)
		}
	}
	if err := (Condition{Of: Latency, Labels: []Label{{"request", "a"}, {"stage", "2"}}}).check(); err != nil {
		t.Error(err)
	}
}
