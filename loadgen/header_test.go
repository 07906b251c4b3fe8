package loadgen

import "testing"

func TestJoinHeader(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []string
		want   string
		ok     bool
	}{
		{"X-A", []string{"1", "2"}, "1, 2", true}, {"cookie", []string{"a=1", "b=2"}, "a=1; b=2", true},
		{"Host", []string{"a"}, "a", true}, {"Host", []string{"a", "b"}, "", false}, {"content-TYPE", []string{"a", "b"}, "", false},
	} {
		if got, ok := JoinHeader(c.name, c.values); got != c.want || ok != c.ok {
			t.Errorf("%s %q: %q, %v, want %q, %v", c.name, c.values, got, ok, c.want, c.ok)
		}
	}
}
