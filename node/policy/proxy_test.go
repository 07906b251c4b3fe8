package policy

import (
	"testing"

	"landfall/loadgen"
)

// Behind a proxy a target is allowed by its name, or by the addresses to which this driver's resolver resolves it, whatever the
// proxy's resolver returns. The proxy must be allowed like any target.
func TestTargetsBehindAProxy(t *testing.T) {
	for _, c := range []struct {
		name, target string
		allow        []string
		ok           bool
	}{
		{"by name", "https://shop.invalid", []string{"127.0.0.1", "shop.invalid"}, true},
		{"by name and port", "https://shop.invalid:8443", []string{"127.0.0.1", "shop.invalid:8443"}, true},
		{"another port", "https://shop.invalid", []string{"127.0.0.1", "shop.invalid:8443"}, false},
		{"a name that does not resolve here", "https://shop.invalid", []string{"0.0.0.0/0", "::/0"}, false},
		{"an address", "http://10.0.0.7", []string{"127.0.0.1", "10.0.0.0/8"}, true},
		{"another address", "http://10.0.0.7", []string{"127.0.0.1", "shop.invalid"}, false},
		{"not the proxy", "https://shop.invalid", []string{"shop.invalid"}, false},
	} {
		l, err := New(Config{AllowTargets: c.allow})
		if err != nil {
			t.Fatal(err)
		}
		spec := loadgen.Spec{Target: c.target, Proxy: "http://127.0.0.1:3128", Users: 1, Count: 1, Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}}}}}
		if err := l.Check(t.Context(), spec.WithDefaults(), 1); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	l, _ := New(Config{AllowTargets: []string{"127.0.0.1", "shop.invalid"}})
	spec := loadgen.Spec{Target: "http://shop.invalid", Proxy: "http://127.0.0.1:3128", Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "https://other.invalid/"}}}}}
	if l.Check(t.Context(), spec.WithDefaults(), 1) == nil {
		t.Error("a step's host is accepted although it is not allowed")
	}
	if target, ok := l.Names(loadgen.Spec{Target: "http://shop.invalid", Proxy: "http://proxy.invalid:3128"}); ok || target != "http://proxy.invalid:3128" {
		t.Errorf("a key that does not allow the proxy: %s, %v", target, ok)
	}
}
