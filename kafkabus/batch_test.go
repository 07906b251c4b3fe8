package kafkabus

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go/protocol"
)

const limit = 2 << 20

// encoded returns a record batch as kafka-go writes it, without the size before it.
func encoded(t testing.TB, attributes protocol.Attributes, values ...string) []byte {
	var records []protocol.Record
	for i, v := range values {
		records = append(records, protocol.Record{Time: time.UnixMilli(int64(1000 + i)), Key: protocol.NewBytes([]byte("k")), Value: protocol.NewBytes([]byte(v)),
			Headers: []protocol.Header{{Key: "h", Value: []byte("x")}}})
	}
	var b bytes.Buffer
	rs := protocol.RecordSet{Version: 2, Attributes: attributes, Records: protocol.NewRecordReader(records...)}
	if _, err := rs.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()[4:]
}

// patch changes a batch and corrects its checksum.
func patch(b []byte, change func([]byte)) []byte {
	b = bytes.Clone(b)
	change(b)
	binary.BigEndian.PutUint32(b[17:], crc32.Checksum(b[crcFrom:], castagnoli))
	return b
}

func decoded(b []byte) (records []string, err error) {
	var unpacked bytes.Buffer
	for len(b) > 0 {
		batch, rest, err := nextBatch(b)
		if err != nil {
			return records, err
		}
		err = batch.each(&unpacked, limit, func(r record) bool {
			records = append(records, fmt.Sprintf("%d@%d %s=%s", r.offset, r.appended.UnixMilli(), r.key, r.value))
			return true
		})
		if err != nil {
			return records, err
		}
		b = rest
	}
	return records, nil
}

func TestBatch(t *testing.T) {
	for _, attributes := range []protocol.Attributes{0, protocol.Lz4} {
		got, err := decoded(encoded(t, attributes, "a", "", "c"))
		if want := []string{"0@1002 k=a", "1@1002 k=", "2@1002 k=c"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%v: %q, %v", attributes, got, err)
		}
	}
}

// A producer writes a time into each record, relative to the batch's first. The broker's time is the batch's
// last.
func TestBatchTimesAreTheBrokers(t *testing.T) {
	b := patch(encoded(t, 0, "a", "b"), func(b []byte) {
		binary.BigEndian.PutUint64(b[35:], 5000)
		binary.BigEndian.PutUint64(b, 70) // not in the checksum
	})
	if got, err := decoded(b); err != nil || !slices.Equal(got, []string{"70@5000 k=a", "71@5000 k=b"}) {
		t.Errorf("%q, %v", got, err)
	}
}

// Batches that claim to decompress to gigabytes are refused before that memory is allocated.
func TestBombs(t *testing.T) {
	claims := binary.AppendUvarint(nil, 1<<30) // the length at the front of a snappy block
	for name, b := range map[string][]byte{
		"snappy": patch(append(encoded(t, protocol.Snappy, "a")[:batchHeader:batchHeader], append(claims, 0)...), func(b []byte) {
			binary.BigEndian.PutUint32(b[8:], uint32(len(b)-batchPrefix))
		}),
		"gzip": encoded(t, protocol.Gzip, strings.Repeat("0", limit+1)),
		"zstd": encoded(t, protocol.Zstd, strings.Repeat("0", 64<<20)),
		"lz4":  encoded(t, protocol.Lz4, strings.Repeat("0", 64<<20)),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := decoded(b)
		runtime.ReadMemStats(&after)
		if err == nil || after.TotalAlloc-before.TotalAlloc > 32<<20 {
			t.Errorf("%s: %d bytes took %d bytes, %v", name, len(b), after.TotalAlloc-before.TotalAlloc, err)
		}
	}
}

func TestBatchCutOff(t *testing.T) {
	b := encoded(t, 0, "a", "b")
	for n := 1; n < len(b); n++ {
		if _, err := decoded(b[:n]); !errors.Is(err, errIncomplete) {
			t.Fatalf("%d bytes of %d: %v", n, len(b), err)
		}
	}
}

func TestBatchDamaged(t *testing.T) {
	plain := encoded(t, 0, "a", "b")
	bomb := encoded(t, protocol.Lz4, strings.Repeat("0", limit+1))
	for name, b := range map[string][]byte{
		"checksum":          append(plain[:len(plain)-1:len(plain)-1], 0xff),
		"old format":        patch(plain, func(b []byte) { b[16] = 1 }),
		"malformed":         patch(plain, func(b []byte) { binary.BigEndian.PutUint32(b[57:], 1<<31-1) }),
		"compression":       patch(plain, func(b []byte) { b[22] |= 7 }),
		"decompress":        patch(plain, func(b []byte) { b[22] |= byte(protocol.Lz4) }),
		"more than":         bomb,
		"record batch of 1": {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0},
	} {
		if _, err := decoded(b); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestControlBatchIsSkipped(t *testing.T) {
	b := patch(encoded(t, 0, "a"), func(b []byte) { b[22] |= controlRecord })
	if got, err := decoded(append(b, encoded(t, 0, "b")...)); err != nil || !slices.Equal(got, []string{"0@1000 k=b"}) {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzBatch(f *testing.F) {
	for a := protocol.Attributes(0); a <= protocol.Zstd; a++ {
		f.Add(encoded(f, a, "value", "another"))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		decoded(b)
		if len(b) > batchHeader { // the checksum would hide everything behind it
			decoded(patch(b, func(b []byte) {
				b[16] = 2
				binary.BigEndian.PutUint32(b[8:], uint32(len(b)-batchPrefix))
			}))
		}
	})
}
