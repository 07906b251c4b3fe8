package kafkabus

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"github.com/segmentio/kafka-go/compress"
)

// kafka-go can decode record batches too, but it takes a record's time from the producer even where the broker has stamped
// it, and trusts any size that a batch claims. Format: https://kafka.apache.org/documentation/#recordbatch
//
// Only LZ4 is decompressed, the only format that Publish writes: its blocks are at most 8 MiB, so the limit holds while
// reading. Snappy and zstd allocate whatever a block claims, up to 4 GiB, before a reader can stop them.

const (
	batchHeader   = 61
	batchPrefix   = 12 // offset and length, which are not included in the length
	crcFrom       = 21
	compression   = 7
	controlRecord = 1 << 5
)

var (
	errIncomplete = errors.New("incomplete record batch")
	castagnoli    = crc32.MakeTable(crc32.Castagnoli)
)

// batch is one record batch, as found in a fetch response.
type batch struct {
	first, last int64 // offsets
	attributes  int16
	appended    time.Time // of the whole batch
	count       int32
	records     []byte // possibly compressed
	damage      error  // why the records cannot be read
}

// record is one record of a batch. Its bytes are valid only until the next batch is read.
type record struct {
	offset     int64
	appended   time.Time
	key, value []byte
}

// nextBatch splits the first batch off a response. The last batch of a response may be truncated: errIncomplete.
func nextBatch(b []byte) (batch, []byte, error) {
	if len(b) < batchPrefix {
		return batch{}, nil, errIncomplete
	}
	size := int64(batchPrefix) + int64(int32(binary.BigEndian.Uint32(b[8:])))
	if size > int64(len(b)) {
		return batch{}, nil, errIncomplete
	}
	if size <= 17 { // too short for the magic byte: the next batch cannot be found
		return batch{}, nil, fmt.Errorf("record batch of %d bytes", size)
	}
	return parseBatch(b[:size]), b[size:], nil
}

func parseBatch(b []byte) batch {
	be := binary.BigEndian
	out := batch{first: int64(be.Uint64(b))}
	out.last = out.first
	if b[16] != 2 || len(b) < batchHeader {
		out.damage = fmt.Errorf("format %d, %d bytes", b[16], len(b))
		return out
	}
	if delta := int32(be.Uint32(b[23:])); delta > 0 {
		out.last += int64(delta)
	}
	if be.Uint32(b[17:]) != crc32.Checksum(b[crcFrom:], castagnoli) {
		out.damage = errors.New("checksum mismatch")
	}
	out.attributes = int16(be.Uint16(b[crcFrom:]))
	out.appended = time.UnixMilli(int64(be.Uint64(b[35:]))) // the records have their producer's times
	out.count = int32(be.Uint32(b[57:]))
	out.records = b[batchHeader:]
	return out
}

// each calls f with every record. It stops where the batch is malformed, or when f returns false. A batch that
// decompresses to more than most bytes is refused.
func (b batch) each(unpacked *bytes.Buffer, most int, f func(record) bool) error {
	if b.damage != nil {
		return b.damage
	}
	if b.attributes&controlRecord != 0 {
		return nil
	}
	data, err := b.unpack(unpacked, most)
	if err != nil {
		return err
	}
	for range b.count {
		var r record
		if r, data, err = b.nextRecord(data); err != nil {
			return err
		}
		if !f(r) {
			return nil
		}
	}
	return nil
}

func (b batch) unpack(into *bytes.Buffer, most int) ([]byte, error) {
	kind := compress.Compression(b.attributes & compression)
	if kind == compress.None {
		return b.records, nil
	}
	if kind != compress.Lz4 {
		return nil, fmt.Errorf("compression %d: must be none (0) or lz4 (3)", kind)
	}
	r := kind.Codec().NewReader(bytes.NewReader(b.records))
	defer r.Close()
	into.Reset()
	n, err := into.ReadFrom(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	if n > int64(most) {
		return nil, fmt.Errorf("decompresses to more than %d bytes", most)
	}
	return into.Bytes(), nil
}

func (b batch) nextRecord(data []byte) (r record, rest []byte, err error) {
	d := decoder{data: data}
	body := decoder{data: d.bytes(d.varint())}
	body.bytes(1) // attributes
	body.varint() // producer's time
	r.offset = b.first + body.varint()
	r.appended = b.appended
	r.key = body.nullable(body.varint())
	r.value = body.nullable(body.varint())
	if d.failed || body.failed || r.offset < b.first || r.offset > b.last {
		return r, nil, errors.New("malformed record")
	}
	return r, d.data, nil // the headers are ignored
}

// decoder reads from the front of data. Once a read does not fit, it and all later ones return zero.
type decoder struct {
	data   []byte
	failed bool
}

func (d *decoder) bytes(n int64) []byte {
	if n < 0 || n > int64(len(d.data)) {
		d.failed, d.data = true, nil
		return nil
	}
	b := d.data[:n:n]
	d.data = d.data[n:]
	return b
}

func (d *decoder) nullable(n int64) []byte {
	if n == -1 {
		return nil
	}
	return d.bytes(n)
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.data)
	if n <= 0 {
		d.failed, d.data = true, nil
		return 0
	}
	d.data = d.data[n:]
	return v
}

func (d *decoder) int16() int16 {
	if b := d.bytes(2); b != nil {
		return int16(binary.BigEndian.Uint16(b))
	}
	return 0
}

func (d *decoder) int32() int32 {
	if b := d.bytes(4); b != nil {
		return int32(binary.BigEndian.Uint32(b))
	}
	return 0
}

func (d *decoder) int64() int64 {
	if b := d.bytes(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}
