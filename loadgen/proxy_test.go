package loadgen

import "testing"

func TestProxies(t *testing.T) {
	spec := Spec{Target: "http://127.0.0.1/", Users: 1, Count: 1, Scenarios: []Scenario{{Name: "a", Steps: []Step{{Get: "/"}}}}}
	for proxy, ok := range map[string]bool{"http://proxy.test:3128": true, "http://ann:key@proxy.test:3128/": true, "https://proxy.test": false, "proxy.test:3128": false, "http://proxy.test/path": false, "unix:/p:/": false} {
		s := spec
		s.Proxy = proxy
		if err := s.WithDefaults().Validate(); (err == nil) != ok {
			t.Errorf("%s: %v", proxy, err)
		}
	}
	spec.Proxy, spec.Resolve = "http://ann:key@proxy.test:3128", []string{"a.test:80:127.0.0.1"}
	if spec.WithDefaults().Validate() == nil {
		t.Error("resolve beside a proxy")
	}
	if text := spec.Redacted().Proxy; text != "http://(hidden)@proxy.test:3128" {
		t.Errorf("shown as %s", text)
	}
	for s, ok := range map[*Spec]bool{
		{Target: "http://127.0.0.1/", Count: 1, Proxy: "http://proxy.test"}: true, {Target: "http://127.0.0.1/", Count: 1, Proxy: "socks5://proxy.test"}: false,
		{Target: "http://127.0.0.1/", Count: 1, Proxy: "http://proxy.test", HTTP2: true}: false, {Target: "unix:/s:/", Count: 1, Proxy: "http://proxy.test"}: false,
	} {
		if err := s.WithDefaults().Validate(); (err == nil) != ok {
			t.Errorf("without scenarios: %+v: %v", s, err)
		}
	}
}
