package loadgen

import (
	"reflect"
	"strings"
	"testing"
)

func TestBodiesThatAreTextsStayTexts(t *testing.T) {
	spec := Spec{BodyBase64: "AA=="}
	spec.SetBody([]byte("grüße {{seq}}"))
	if want := (Spec{Body: "grüße {{seq}}"}); !reflect.DeepEqual(spec, want) {
		t.Errorf("%+v", spec)
	}
}

func TestWrongBodies(t *testing.T) {
	for want, spec := range map[string]Spec{
		"body_base64: give body or body_base64": {Body: "a", BodyBase64: "YQ=="},
		`body_base64 "YQ": must be base64`:      {BodyBase64: "YQ"},
		"body_base64 5592412: must be at most":  {BodyBase64: strings.Repeat("A", 5592412)},
		"requests[0].body_base64":               {Requests: []Request{{Name: "a", BodyBase64: "!"}}},
	} {
		spec.Target, spec.Count = "http://127.0.0.1/", 1
		if err := spec.WithDefaults().Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
