package loadgen

import (
	"reflect"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// TestScriptOverHTTP2: what the encoder sends of a script is, decoded, the header that it stands for.
func TestScriptOverHTTP2(t *testing.T) {
	spec := Spec{
		Target: "https://ana:x@a.test:443/{{seq}}?q=1", Headers: map[string]string{"X-Row": "<{{csv.a}}>", "Connection": "close", "X-Fixed": "y"},
		CSV: "a\none\ntwo\n", Requests: []Request{{Name: "get"}, {Name: "post", URL: "/p", Body: "hello", Headers: map[string]string{"Host": "{{csv.a}}.test"}}, {Name: "vary", Body: "n={{seq}}"}},
		Order: "sequence",
	}
	r := compiledScript(t, spec, scriptOptions{Version: "1", DriverIndex: 1, Drivers: 2}).reader(0)
	auth := hpack.HeaderField{Name: "authorization", Value: "Basic YW5hOng="}
	agent := hpack.HeaderField{Name: "user-agent", Value: "landfall/1"}
	fields := func(method, authority, path string, more ...hpack.HeaderField) []hpack.HeaderField {
		return append([]hpack.HeaderField{
			{Name: ":method", Value: method}, {Name: ":scheme", Value: "https"}, {Name: ":authority", Value: authority}, {Name: ":path", Value: path}, agent, auth,
			{Name: "x-fixed", Value: "y"},
		}, more...)
	}
	row := func(s string) hpack.HeaderField { return hpack.HeaderField{Name: "x-row", Value: "<" + s + ">"} }
	want := []struct {
		fields []hpack.HeaderField
		body   string
	}{
		{fields("GET", "a.test", "/1?q=1", row("one")), ""},
		{fields("POST", "two.test", "/p", row("two"), hpack.HeaderField{Name: "content-length", Value: "5"}), "hello"},
		{fields("POST", "a.test", "/5?q=1", row("one")), "n=5"},
		{fields("GET", "a.test", "/7?q=1", row("two")), ""},
	}
	enc, dec := &h2Encoder{max: h2TableSize}, hpack.NewDecoder(h2TableSize, nil)
	var q h2Request
	var buf []byte
	for k, w := range want {
		buf = r.http2(&q, buf[:0], r.pick(int64(k)), int64(k))
		got, err := dec.DecodeFull(enc.encode(&q))
		for i := range got {
			got[i].Sensitive = false
		}
		if err != nil || !reflect.DeepEqual(got, w.fields) || string(q.body) != w.body {
			t.Errorf("request %d: %v\n%v %q\nwant\n%v %q", k, err, got, q.body, w.fields, w.body)
		}
	}
	if n := testing.AllocsPerRun(100, func() { buf = r.http2(&q, buf[:0], 2, 9) }); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
}
