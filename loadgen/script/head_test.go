package script

import (
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestHeadersAreInAFixedOrder(t *testing.T) {
	const start = "GET / HTTP/1.1\r\n"
	for _, c := range []struct {
		step loadgen.Step
		want string
	}{
		{loadgen.Step{Get: "/", Headers: map[string]string{"B": "2", "a": "1", "host": "h.test"}}, "host: h.test\r\nUser-Agent: landfall/1\r\na: 1\r\nB: 2\r\nX-All: 1\r\n"},
		{loadgen.Step{Get: "/", Headers: map[string]string{"user-agent": "me", "X-All": ""}}, "Host: Shop.example:8080\r\nuser-agent: me\r\nX-All: \r\n"},
		{loadgen.Step{Get: "/", Headers: map[string]string{"content-length": "5"}}, "Host: Shop.example:8080\r\nUser-Agent: landfall/1\r\nX-All: 1\r\n"},
	} {
		if got := rendered(t, c.step); got != start+c.want+"Cookie: sid=1\r\n\r\n" {
			t.Errorf("%q\nwant %q", got, start+c.want)
		}
	}
}

func TestCompressedAcceptsEncodings(t *testing.T) {
	spec := scenarioSpec(loadgen.Step{Get: "/"}, loadgen.Step{Get: "/", Headers: map[string]string{"accept-encoding": "identity"}})
	spec.Compressed = true
	p := compiledScript(t, spec, Options{}).Program
	for i, want := range []string{"Accept-Encoding: gzip, br, zstd\r\n", "accept-encoding: identity\r\n"} {
		if head := string(p.Messages[i].head.Append(nil, nil)); strings.Count(strings.ToLower(head), "accept-encoding") != 1 || !strings.Contains(head, want) {
			t.Errorf("%q, want %q", head, want)
		}
	}
}

// Through a proxy, a Host header could select another route.
func TestHostHeaderIsRefusedWithAProxy(t *testing.T) {
	spec := scenarioSpec(loadgen.Step{Get: "/", Headers: map[string]string{"HOST": "other.test"}})
	spec.Proxy = "http://proxy.test:3128"
	if _, err := Compile(spec, Options{}); err == nil || !strings.Contains(err.Error(), "a proxy might route the request by it") {
		t.Errorf("%v", err)
	}
}
