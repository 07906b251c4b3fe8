package http2

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// headOf returns the relevant fields among those that the library decoded.
func headOf(fields []hpack.HeaderField) (h head) {
	h.length = -1
	for _, f := range fields {
		switch f.Name {
		case ":status":
			fmt.Sscan(f.Value, &h.status)
		case "content-length":
			fmt.Sscan(f.Value, &h.length)
		}
	}
	return h
}

// The decoder agrees with the library's one, for blocks that use the table, resize it and evict entries, including repeated blocks.
func TestDecoderAgreesWithLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		var block bytes.Buffer
		enc := hpack.NewEncoder(&block)
		d := decoder{table: table{limit: tableSize}}
		var want []hpack.HeaderField
		oracle := hpack.NewDecoder(tableSize, func(f hpack.HeaderField) { want = append(want, f) })
		for range 200 {
			block.Reset()
			if r.IntN(20) == 0 {
				enc.SetMaxDynamicTableSize(uint32(r.IntN(tableSize + 1)))
			}
			enc.WriteField(hpack.HeaderField{Name: ":status", Value: []string{"200", "404", "418", "503"}[r.IntN(4)]})
			for range r.IntN(6) {
				enc.WriteField(hpack.HeaderField{Name: []string{"date", "x-id", "server", "etag"}[r.IntN(4)],
					Value: strings.Repeat("v", r.IntN(300)) + fmt.Sprint(r.IntN(4)), Sensitive: r.IntN(9) == 0})
			}
			if r.IntN(3) > 0 {
				enc.WriteField(hpack.HeaderField{Name: "content-length", Value: fmt.Sprint(r.IntN(9) * 1000)})
			}
			want = nil
			if _, err := oracle.Write(block.Bytes()); err != nil || oracle.Close() != nil {
				t.Fatal(err)
			}
			if got, ok := d.decode(block.Bytes()); !ok || got != headOf(want) {
				t.Fatalf("got %+v, %v, want %+v of %v", got, ok, headOf(want), want)
			}
		}
	}
}

// A repeated block has the same effect on the table again.
func TestRepeatedBlocksChangeTheTable(t *testing.T) {
	d := decoder{table: table{limit: tableSize}}
	insert := []byte{0x88, 0x40, 1, 'a', 1, 'b'} // :status 200, and a: b into the table
	for range 3 {
		if h, ok := d.decode(insert); !ok || h.status != 200 {
			t.Fatalf("%+v, %v", h, ok)
		}
	}
	if d.catchUp(); d.table.n != 3 {
		t.Errorf("%d entries, want 3", d.table.n)
	}
	length := []byte{0x88, 0x5c, 1, '7'} // content-length: 7 into the table
	if h, ok := d.decode(length); !ok || h.length != 7 {
		t.Fatalf("%+v, %v", h, ok)
	}
	refers := []byte{0x88, 0x80 | 62} // the newest entry
	for range 2 {
		if h, ok := d.decode(refers); !ok || h.length != 7 {
			t.Fatalf("%+v, %v", h, ok)
		}
	}
	d.decode(insert)
	if h, ok := d.decode(refers); !ok || h.length != -1 {
		t.Errorf("%+v, %v: refers to the previous entry", h, ok)
	}
}

// After any number of repetitions, the table is as if each block had been decoded.
func TestCatchUp(t *testing.T) {
	insert := []byte{0x88, 0x40, 1, 'a', 3, 'b', 'c', 'd', 0x5c, 1, '7', 0x40, 2, 'e', 'f', 0}
	for _, limit := range []int{0, 34, 40, 107, 150, 4096} {
		for _, times := range []int{1, 2, 3, 50, 127, 128, 129, 500} {
			lazy, eager := decoder{table: table{limit: limit}}, decoder{table: table{limit: limit}}
			for range times {
				lazy.decode(insert)
				eager.fields(insert)
			}
			lazy.catchUp()
			if lazy.table.n != eager.table.n || lazy.table.used != eager.table.used {
				t.Fatalf("limit %d, %d times: %d entries of %d bytes, want %d of %d", limit, times, lazy.table.n, lazy.table.used, eager.table.n, eager.table.used)
			}
			for i := 1; i <= eager.table.n; i++ {
				got, _ := lazy.table.at(uint64(i))
				if want, _ := eager.table.at(uint64(i)); got != want {
					t.Errorf("limit %d, %d times, entry %d: %+v, want %+v", limit, times, i, got, want)
				}
			}
		}
	}
}

// Decoding allocates nothing, whether a block is repeated, adds entries or refers to them.
func TestDecodingAllocatesNothing(t *testing.T) {
	d := decoder{table: table{limit: tableSize}}
	n := byte(0)
	blocks := [][]byte{{0x88, 0x40, 1, 'a', 2, 'b', 0}, {0x88, 0x80 | 62}, {0x88, 0x0f, 0x0d, 1, '7'}}
	round := func() {
		n++
		blocks[0][6] = n
		for _, b := range blocks {
			if _, ok := d.decode(b); !ok {
				t.Fatalf("%x", b)
			}
		}
	}
	round()
	if got := testing.AllocsPerRun(1000, round); got != 0 {
		t.Errorf("%g allocations", got)
	}
}
