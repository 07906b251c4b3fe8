package http2

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// The library decodes every block to the original fields, in any order of requests and settings.
func TestEncoder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var got []hpack.HeaderField
		dec := hpack.NewDecoder(4096, func(f hpack.HeaderField) { got = append(got, f) })
		enc := encoder{Max: tableSize}
		var requests []Request
		for id := range 1 + r.IntN(4) {
			q := Request{Id: id, Fields: NewFields("GET", "https", "a.example", fmt.Sprint("/", r.IntN(3)), nil)}
			for range r.IntN(30) {
				q.Fields = append(q.Fields, Field{Name: fmt.Sprint("x-", r.IntN(9)), Value: strings.Repeat("v", r.IntN(300)), Vary: r.IntN(8) == 0})
			}
			q.Fields[3].Vary = r.IntN(2) == 0
			requests = append(requests, q)
		}
		for range 20 {
			if r.IntN(10) == 0 {
				n := uint32(r.IntN(5000))
				dec.SetAllowedMaxDynamicTableSize(n)
				enc.limit(n)
			}
			q := &requests[r.IntN(len(requests))]
			q.Values = nil
			var want []hpack.HeaderField
			for _, f := range q.Fields {
				if f.Vary {
					f.Value = fmt.Sprint("value ", r.IntN(1e6))
					q.Values = append(q.Values, []byte(f.Value))
				}
				want = append(want, hpack.HeaderField{Name: f.Name, Value: f.Value})
			}
			got = nil
			if _, err := dec.Write(enc.encode(q)); err != nil || dec.Close() != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	}
}

func TestRepeatedBlocksAreShort(t *testing.T) {
	enc := encoder{Max: tableSize}
	q := &Request{Fields: getFields}
	first, second := len(enc.encode(q)), len(enc.encode(q))
	if second != len(getFields) {
		t.Errorf("first block %d bytes, second %d, want one byte a field", first, second)
	}
}
