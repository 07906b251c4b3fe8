package loadgen

import (
	"encoding/json"
	"testing"
)

func TestHiddenPart(t *testing.T) {
	for want, s := range map[string]Spec{
		"":          {Target: "http://shop.test/items?page=2", Headers: map[string]string{"Accept": "text/html"}, Thresholds: []Threshold{{Expr: "failed<1%"}}},
		"target":    {Target: "http://shop.test/items?token=abc"},
		"headers":   {Target: "http://shop.test/", Headers: map[string]string{"Authorization": "Bearer abc"}},
		"body":      {Target: "http://shop.test/", Body: "name=ann"},
		"csv":       {Target: "http://shop.test/", CSV: "user\nann\n"},
		"requests":  {Target: "http://shop.test/", Requests: []Request{{Name: "buy", URL: "/buy", Body: "item=1"}}},
		"scenarios": {Target: "http://shop.test/", Scenarios: []Scenario{{Name: "buyer", Steps: []Step{{Post: "/login", JSON: json.RawMessage(`{"user":"ann"}`)}}}}},
		"tls":       {Target: "https://shop.test/", TLS: TLS{Key: "key"}},
		"secrets":   {Target: "http://shop.test/", Secrets: map[string]string{"A": "b"}},
	} {
		if got := s.HiddenPart(); got != "" {
			t.Errorf("%s is there, but counts as hidden in %q", want, got)
		}
		if got := s.Redacted().HiddenPart(); got != want {
			t.Errorf("%q is hidden, want %q", got, want)
		}
	}
}
