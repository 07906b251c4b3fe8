package http2

import (
	"bytes"
	"fmt"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// The cost of the state machine alone: the peer responds to all requests of a full connection at once.
func BenchmarkConn(b *testing.B) {
	for _, streams := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(streams, " streams"), func(b *testing.B) {
			c := New(streams)
			r := &Request{Fields: getFields}
			s := newScript()
			s.WriteSettings()
			ends := 0
			on := func(e *Event) {
				if e.Kind == End {
					ends++
				}
			}
			out, _ := c.Feed(s.Bytes(), c.Start(nil), on)
			s.Buffer.Reset()
			for i := range streams {
				s.head(uint32(2*i+1), false, ":status", "200", "content-type", "text/plain", "content-length", "2", "date", "Mon, 23 Nov 2026 10:00:00 GMT")
				s.WriteData(uint32(2*i+1), true, []byte("ok"))
			}
			answer := s.Bytes()
			one := len(answer) / streams
			b.ReportAllocs()
			for b.Loop() {
				c.nextID, out, ends = 1, out[:0], 0 // reuse the stream IDs, so that the response can be the same bytes
				for c.Room() > 0 {
					_, out, _ = c.Request(out, r)
				}
				var err error
				if out, err = c.Feed(answer, out, on); err != nil || ends != streams {
					b.Fatal(ends, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*streams), "ns/request")
			b.ReportMetric(float64(one), "response-bytes")
		})
	}
}

// Literal blocks (table size 0) are decoded as fast as blocks that refer to a table. Only literal blocks can be recognized by their bytes
// when they are repeated, as most are.
func BenchmarkDecoder(b *testing.B) {
	var plain, indexed bytes.Buffer
	for i, buf := range []*bytes.Buffer{&plain, &indexed} {
		enc := hpack.NewEncoder(buf)
		enc.SetMaxDynamicTableSize(uint32(4096 * i))
		for range 1 + i {
			buf.Reset()
			for _, f := range []hpack.HeaderField{{Name: ":status", Value: "200"}, {Name: "server", Value: "nginx"}, {Name: "date", Value: "Mon, 23 Nov 2026 10:00:00 GMT"},
				{Name: "content-type", Value: "text/plain"}, {Name: "content-length", Value: "2"}} {
				enc.WriteField(f)
			}
		}
	}
	b.Run("table of size 0, repeated", func(b *testing.B) {
		c := New(1)
		b.ReportAllocs()
		for b.Loop() {
			if h, ok := c.dec.decode(plain.Bytes()); !ok || h.status != 200 {
				b.Fatal(h)
			}
		}
	})
	b.Run("table of size 0", func(b *testing.B) {
		b.ReportAllocs()
		var d decoder
		for b.Loop() {
			if h, ok := d.fields(plain.Bytes()); !ok || h.status != 200 || h.length != 2 {
				b.Fatal(h)
			}
		}
	})
	b.Run("hpack.Decoder, all indexed", func(b *testing.B) {
		var status string
		dec := hpack.NewDecoder(4096, func(f hpack.HeaderField) {
			if f.Name == ":status" {
				status = f.Value
			}
		})
		enc := hpack.NewEncoder(writerFunc(dec.Write))
		for _, name := range []string{"server", "date", "content-type", "content-length"} {
			value := map[string]string{"server": "nginx", "date": "Mon, 23 Nov 2026 10:00:00 GMT", "content-type": "text/plain", "content-length": "2"}[name]
			enc.WriteField(hpack.HeaderField{Name: name, Value: value})
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := dec.Write(indexed.Bytes()); err != nil || dec.Close() != nil || status != "200" {
				b.Fatal(err)
			}
		}
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
