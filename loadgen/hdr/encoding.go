package hdr

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// HdrHistogram's V2 encoding (its classes EncodableHistogram and ZigZagEncoding): a header, then the counters
// up to the last non-zero one as ZigZag LEB128 numbers, with runs of zeros as their negative length; zlib
// compresses the result. hdrhistogram-go, the oracle of the tests, takes ten times the time and 100 KB of
// memory for one histogram, and a fleet of 1,000 drivers sends three of them each a second.
const (
	cookieV2         = 0x1c849303 | 0x10
	cookieCompressed = 0x1c849304 | 0x10
	headerBytes      = 40
	// maxPacked limits an encoded histogram. inflatedMost is more than one with all counters in use needs.
	maxPacked   = 64 << 10
	maxInflated = 64 << 10
)

var errForeign = errors.New("histogram: not a V2 HdrHistogram of 1 µs to 1 h with 2 digits")

// scratch holds the buffers of one packing or unpacking.
type scratch struct {
	raw     []byte // base64 decoded
	payload []byte // header and counters
	packed  bytes.Buffer
	inflate io.ReadCloser
	counts  []int64 // all zero between uses
}

// deflater is shared, since it takes 320 KB regardless of what it compresses; that of the standard library takes 700 KB.
// Huffman coding alone makes the counters as small as all of zlib's methods do.
var deflater struct {
	mu sync.Mutex
	w  *zlib.Writer
}

func deflate(into *bytes.Buffer, payload []byte) {
	d := &deflater
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.w == nil {
		d.w, _ = zlib.NewWriterLevel(nil, zlib.HuffmanOnly) // the level is valid
	}
	d.w.Reset(into)
	d.w.Write(payload) // writing to memory does not fail
	d.w.Close()
	d.w.Reset(nil) // otherwise it would keep into alive
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Pack returns the compact form of h.
func (h *Histogram) Pack() []byte {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.payload = h.encode(append(s.payload[:0], make([]byte, headerBytes)...))
	s.packed.Reset()
	s.packed.Write(make([]byte, 8))
	deflate(&s.packed, s.payload)
	raw := s.packed.Bytes()
	binary.BigEndian.PutUint32(raw, cookieCompressed)
	binary.BigEndian.PutUint32(raw[4:], uint32(len(raw)-8))
	return base64.StdEncoding.AppendEncode(nil, raw)
}

// encode appends the counters to space for a header, and fills in the header.
func (h *Histogram) encode(b []byte) []byte {
	used := h.counts
	for len(used) > 0 && used[len(used)-1] == 0 {
		used = used[:len(used)-1]
	}
	for i := 0; i < len(used); {
		zeros := 0
		for used[i+zeros] == 0 {
			zeros++
		}
		if zeros > 0 {
			b = appendZigZag(b, -int64(zeros))
			i += zeros
		}
		b = appendZigZag(b, used[i])
		i++
	}
	be := binary.BigEndian
	be.PutUint32(b, cookieV2)
	be.PutUint32(b[4:], uint32(len(b)-headerBytes))
	be.PutUint32(b[8:], 0)
	be.PutUint32(b[12:], significant)
	be.PutUint64(b[16:], lowest)
	be.PutUint64(b[24:], uint64(highest))
	be.PutUint64(b[32:], math.Float64bits(1))
	return b
}

// appendZigZag appends a number as HdrHistogram does: the ninth byte, if there is one, holds eight bits.
func appendZigZag(b []byte, v int64) []byte {
	u := uint64(v<<1) ^ uint64(v>>63)
	for range 8 {
		if u < 0x80 {
			return append(b, byte(u))
		}
		b = append(b, byte(u)|0x80)
		u >>= 7
	}
	return append(b, byte(u))
}

// zigZag decodes a number of appendZigZag; n is 0 if b is too short.
func zigZag(b []byte) (v int64, n int) {
	if len(b) > 0 && b[0] < 0x80 { // the common case
		return int64(b[0]>>1) ^ -int64(b[0]&1), 1
	}
	var u uint64
	for n < len(b) && n < 9 {
		c := b[n]
		n++
		if n == 9 {
			u |= uint64(c) << 56
			return int64(u>>1) ^ -int64(u&1), n
		}
		u |= uint64(c&0x7f) << (7 * (n - 1))
		if c < 0x80 {
			return int64(u>>1) ^ -int64(u&1), n
		}
	}
	return 0, 0
}

// Unpack returns the histogram that Pack encoded. Other data is refused before memory is allocated for it.
func Unpack(data []byte) (*Histogram, error) {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	payload, err := s.open(data)
	if err != nil {
		return nil, err
	}
	if s.counts == nil {
		s.counts = make([]int64, slotCount)
	}
	return decode(payload, s.counts)
}

// open decodes base64 and zlib, up to the maximum size of a valid histogram.
func (s *scratch) open(data []byte) ([]byte, error) {
	if len(data) > maxPacked {
		return nil, errForeign
	}
	var err error
	if s.raw, err = base64.StdEncoding.AppendDecode(s.raw[:0], data); err != nil || len(s.raw) < 8 {
		return nil, errForeign
	}
	if binary.BigEndian.Uint32(s.raw) != cookieCompressed || int(binary.BigEndian.Uint32(s.raw[4:])) != len(s.raw)-8 {
		return nil, errForeign
	}
	from := bytes.NewReader(s.raw[8:])
	if s.inflate == nil {
		s.inflate, err = zlib.NewReader(from)
	} else {
		err = s.inflate.(zlib.Resetter).Reset(from, nil)
	}
	if err != nil {
		return nil, errForeign
	}
	if cap(s.payload) < maxInflated {
		s.payload = make([]byte, 0, maxInflated)
	}
	n, err := io.ReadFull(s.inflate, s.payload[:maxInflated])
	if err != io.ErrUnexpectedEOF { // nil: larger than a valid one
		return nil, errForeign
	}
	return s.payload[:n], nil
}

// decode decodes a header and counters; counts is a buffer for the counters, all zero before and after.
func decode(payload []byte, counts []int64) (*Histogram, error) {
	be := binary.BigEndian
	if len(payload) < headerBytes || be.Uint32(payload) != cookieV2 || int(be.Uint32(payload[4:])) != len(payload)-headerBytes ||
		be.Uint32(payload[12:]) != significant || be.Uint64(payload[16:]) != lowest || be.Uint64(payload[24:]) != uint64(highest) {
		return nil, errForeign
	}
	h := New()
	used, err := h.decode(payload[headerBytes:], counts)
	if err == nil {
		h.counts = append(h.counts, counts[:used]...)
	}
	clear(counts[:used])
	return h, err
}

// decode decodes counters and returns how many there are up to the last non-zero one.
func (h *Histogram) decode(b []byte, counts []int64) (used int, err error) {
	for i := 0; len(b) > 0; {
		v, n := zigZag(b)
		if n == 0 || v == math.MinInt64 {
			return used, errForeign
		}
		b = b[n:]
		if v <= 0 { // a run of zeros, or one
			i = min(i+int(min(max(-v, 1), int64(slotCount))), slotCount)
			continue
		}
		if i >= slotCount || v > math.MaxInt64/4-h.total {
			return used, errForeign
		}
		counts[i] = v
		low, high := edges(i)
		if h.total == 0 {
			h.min = max(low, lowest)
		}
		h.total, h.max = h.total+v, min(high, highest)
		h.sum += float64(v) * float64(low+high) / 2
		i++
		used = i
	}
	return used, nil
}

// MarshalJSON encodes the histogram as a JSON string.
func (h *Histogram) MarshalJSON() ([]byte, error) {
	packed := h.Pack()
	text := make([]byte, 0, len(packed)+2)
	text = append(text, '"')
	text = append(text, packed...)
	return append(text, '"'), nil
}

// UnmarshalJSON decodes the output of MarshalJSON.
func (h *Histogram) UnmarshalJSON(data []byte) error {
	if len(data) > maxPacked || len(data) < 2 || data[0] != '"' { // base64 needs no escapes
		return errForeign
	}
	got, err := Unpack(data[1 : len(data)-1])
	if err != nil {
		return err
	}
	*h = *got
	return nil
}
