package form

import (
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node/orchestrator"
)

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		kind loadgen.Kind
		text string
		want loadgen.Spec
	}{
		{loadgen.Avalanche, "burst no-keepalive", loadgen.Spec{Burst: true, NoKeepalive: true}},
		{loadgen.Tsunami, "poisson insecure", loadgen.Spec{Arrivals: "poisson", TLS: loadgen.TLS{Insecure: true}}},
		{loadgen.Tsunami, "http2 streams=10", loadgen.Spec{HTTP2: true, Streams: 10}},
		{loadgen.Tsunami, "", loadgen.Spec{}},
	} {
		test.want.Kind = test.kind
		d := Draft{Spec: loadgen.Spec{Kind: test.kind, Burst: true, HTTP2: true, Streams: 7}}
		if err := setOptions(&d, strings.ReplaceAll(test.text, " ", ", ")); err != nil {
			t.Errorf("%q: %v", test.text, err)
		}
		if !reflect.DeepEqual(d.Spec, test.want) {
			t.Errorf("%q: %+v, want %+v", test.text, d.Spec, test.want)
		}
		if got := optionsText(d.Spec); got != test.text {
			t.Errorf("%q is shown as %q", test.text, got)
		}
	}
	for text, want := range map[string]string{
		"burst":     `options "burst": must be one of poisson, no-keepalive, insecure, http2, streams=N`,
		"streams=0": `options "streams=0": streams must be`,
	} {
		if err := setOptions(&Draft{Spec: loadgen.Spec{Kind: loadgen.Tsunami}}, text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestStatuses(t *testing.T) {
	d := Draft{Sel: orchestrator.Selection{}}
	if err := setStatuses(&d, "200, 404"); err != nil || statusesText(d.Spec.Expect.Statuses) != "200,404" {
		t.Errorf("%v, %v", d.Spec.Expect.Statuses, err)
	}
	if err := setStatuses(&d, "200,99"); err == nil || !strings.Contains(err.Error(), `expect "99": must be a status from 100 to 999`) {
		t.Error(err)
	}
}
