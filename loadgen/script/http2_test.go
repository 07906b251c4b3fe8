package script

import (
	"bytes"
	"reflect"
	"testing"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"landfall/loadgen"
	"landfall/loadgen/http2"
)

// The encoded header of each request decodes to the header that the spec describes.
func TestHTTP2Headers(t *testing.T) {
	spec := loadgen.Spec{
		Target: "https://ana:x@a.test:443/{{seq}}?q=1", Headers: map[string]string{"X-Row": "<{{csv.a}}>", "Connection": "close", "X-Fixed": "y"},
		CSV: "a\none\ntwo\n", Requests: []loadgen.Request{{Name: "get"}, {Name: "post", URL: "/p", Body: "hello", Headers: map[string]string{"Host": "{{csv.a}}.test"}}, {Name: "vary", Body: "n={{seq}}"}},
		Order: "sequence",
	}
	r := compiledScript(t, spec, Options{Version: "1", DriverIndex: 1, Drivers: 2}).Reader(0)
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
		{fields("POST", "one.test", "/p", row("one"), hpack.HeaderField{Name: "content-length", Value: "5"}), "hello"},
		{fields("POST", "a.test", "/5?q=1", row("one")), "n=5"},
		{fields("GET", "a.test", "/7?q=1", row("two")), ""},
	}
	c := http2.New(len(want))
	var sent bytes.Buffer
	sent.Write(c.Start(nil)[len(xhttp2.ClientPreface):])
	var settings bytes.Buffer
	if err := xhttp2.NewFramer(&settings, nil).WriteSettings(); err != nil {
		t.Fatal(err)
	}
	out, err := c.Feed(settings.Bytes(), nil, func(*http2.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	sent.Write(out)
	frames := xhttp2.NewFramer(nil, &sent)
	frames.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	var q http2.Request
	var buf []byte
	for k, w := range want {
		buf = r.HTTP2(&q, buf[:0], r.Pick(int64(k)), int64(k))
		_, out, _ := c.Request(nil, &q)
		sent.Write(out)
		got, err := nextHead(frames)
		if err != nil || !reflect.DeepEqual(got, w.fields) || string(q.Body) != w.body {
			t.Errorf("request %d: %v\n%v %q\nwant\n%v %q", k, err, got, q.Body, w.fields, w.body)
		}
	}
	if n := testing.AllocsPerRun(100, func() { buf = r.HTTP2(&q, buf[:0], 2, 9) }); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
}

// nextHead reads frames up to the next header block and returns its fields.
func nextHead(frames *xhttp2.Framer) ([]hpack.HeaderField, error) {
	for {
		f, err := frames.ReadFrame()
		if err != nil {
			return nil, err
		}
		head, ok := f.(*xhttp2.MetaHeadersFrame)
		if !ok {
			continue
		}
		for i := range head.Fields {
			head.Fields[i].Sensitive = false
		}
		return head.Fields, nil
	}
}
