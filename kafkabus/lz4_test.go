package kafkabus

import (
	"bytes"
	"io"
	"testing"

	"github.com/segmentio/kafka-go/compress"
)

// Records survive the codec, and its frames declare blocks of 64 KB: byte 5 of a frame, bits 4 to 6 (LZ4
// frame format 1.6, "BD byte"; the value 4 means 64 KB).
func TestLZ4HasSmallBlocks(t *testing.T) {
	for _, size := range []int{0, 1, 2000, 64 << 10, 300 << 10} {
		data := bytes.Repeat([]byte("landfall "), size/9+1)[:size]
		for range 3 { // the writer comes from the pool
			var packed bytes.Buffer
			w := compress.Lz4.Codec().NewWriter(&packed)
			if _, err := w.Write(data); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if packed.Len() > 5 && packed.Bytes()[5]>>4&7 != 4 {
				t.Fatalf("block size %d, want 4", packed.Bytes()[5]>>4&7)
			}
			r := compress.Lz4.Codec().NewReader(&packed)
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, data) {
				t.Fatalf("%d bytes became %d: %v", len(data), len(got), err)
			}
			r.Close()
		}
	}
}
