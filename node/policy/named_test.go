package policy

import (
	"testing"

	"landfall/loadgen"
)

func TestNames(t *testing.T) {
	for _, c := range []struct {
		list, target string
		resolve      []string
		ok           bool
	}{
		{"10.0.0.0/8", "http://10.1.2.3:8080/", nil, true},
		{"10.0.0.0/8", "http://11.1.2.3/", nil, false},
		{"10.0.0.0/8", "http://shop.test/", nil, false}, // whatever it resolves to
		{"shop.test", "http://shop.test/", nil, true},
		{"shop.test", "http://SHOP.test:81/", nil, true},
		{"shop.test:80", "http://shop.test:81/", nil, false},
		{"shop.test:443", "https://shop.test/", nil, true},
		{"shop.test", "http://shop.test/", []string{"shop.test:80:10.9.9.9"}, false},
		{"unix:/run/a", "unix:/run/a:/x", nil, true},
		{"unix:/run/a", "unix:/run/b:/x", nil, false},
		{"10.0.0.0/8", "http://10.1.2.3:port/", nil, false},
	} {
		l, err := New(Config{AllowTargets: []string{c.list}})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := l.Names(loadgen.Spec{Target: c.target, Resolve: c.resolve}); ok != c.ok {
			t.Errorf("%s with %s, resolve %v: %v, want %v", c.target, c.list, c.resolve, ok, c.ok)
		}
	}
}
