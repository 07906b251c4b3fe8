package embedded

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/segmentio/kafka-go/compress"
)

// kfake decompresses a batch to find a time in it, in any format and to any size: a few hundred bytes of snappy or zstd
// can claim gigabytes, which it allocates first. Therefore batches may only be uncompressed or LZ4, the format that landfall writes,
// and LZ4 may unpack to at most maxUnpacked bytes: its blocks have at most 8 MiB.

const (
	compression = 7
	maxUnpacked = 20 << 20
)

var errTooLarge = errors.New("decompresses to too many bytes")

// unpackable rejects a batch whose records kfake must not decompress.
func unpackable(batch []byte) error {
	kind := compress.Compression(binary.BigEndian.Uint16(batch[21:]) & compression)
	if kind == compress.None {
		return nil
	}
	if kind != compress.Lz4 {
		return errors.New("compression: must be none or lz4")
	}
	r := kind.Codec().NewReader(bytes.NewReader(batch[batchHeader:]))
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, maxUnpacked+1))
	if err == nil && n > maxUnpacked {
		err = errTooLarge
	}
	return err
}
