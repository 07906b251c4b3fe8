package loadgen

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A histogram's shape: 1 µs to 1 h with 2 significant digits, which is a relative error below 1 %.
const (
	lowest      = 1
	highest     = int64(3600 * 1e6)
	significant = 2
)

// Histogram counts values in microseconds. Merging is exact and free of order. The JSON form is a text: HdrHistogram's V2
// compressed encoding in base64 (https://github.com/HdrHistogram/HdrHistogram), which its tools in any language read.
type Histogram struct {
	h        *hdrhistogram.Histogram
	min, max int64 // exact
	sum      float64
}

// NewHistogram is empty.
func NewHistogram() *Histogram {
	return &Histogram{h: hdrhistogram.New(lowest, highest, significant)}
}

// Record counts one value in microseconds; values outside 1 µs … 1 h count as the nearer end.
func (h *Histogram) Record(us int64) {
	us = min(max(us, lowest), highest)
	if h.Count() == 0 || us < h.min {
		h.min = us
	}
	h.max = max(h.max, us)
	h.sum += float64(us)
	_ = h.h.RecordValue(us) // it is within the range
}

// Merge counts all that other counted.
func (h *Histogram) Merge(other *Histogram) {
	if other.Count() == 0 {
		return
	}
	if h.Count() == 0 || other.min < h.min {
		h.min = other.min
	}
	h.max = max(h.max, other.max)
	h.sum += other.sum
	h.h.Merge(other.h)
}

// Quantile is the value in microseconds that a share q, from 0 to 1, of all values do not exceed; 0 when there is none.
func (h *Histogram) Quantile(q float64) int64 {
	switch {
	case h.Count() == 0:
		return 0
	case q <= 0:
		return h.min
	case q >= 1:
		return h.max
	}
	return min(max(h.h.ValueAtPercentile(q*100), h.min), h.max)
}

// Count is how many values were counted.
func (h *Histogram) Count() int64 { return h.h.TotalCount() }

// Min is the least value in microseconds; 0 when there is none. It is exact, but for a histogram that was decoded.
func (h *Histogram) Min() int64 { return h.min }

// Max is the greatest value, as Min.
func (h *Histogram) Max() int64 { return h.max }

// Mean is the mean in microseconds; 0 when there is none.
func (h *Histogram) Mean() float64 {
	if h.Count() == 0 {
		return 0
	}
	return h.sum / float64(h.Count())
}

// Reset makes the histogram empty.
func (h *Histogram) Reset() {
	h.h.Reset()
	h.min, h.max, h.sum = 0, 0, 0
}

// Pack is a compact form of h.
func (h *Histogram) Pack() []byte {
	text, err := h.h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		panic(err) // writing to memory does not fail
	}
	return text
}

const (
	// packedMost bounds an encoded histogram, inflatedMost what it may unpack to: more than one with every counter in use needs.
	packedMost   = 64 << 10
	inflatedMost = 64 << 10
)

var errForeign = errors.New("histogram: not a V2 HdrHistogram of 1 µs to 1 h with 2 digits")

// Unpack is the histogram of which Pack made data. Anything else is refused before memory is taken for it.
func Unpack(data []byte) (*Histogram, error) {
	if len(data) > packedMost {
		return nil, fmt.Errorf("histogram: %d bytes: at most %d", len(data), packedMost)
	}
	if err := checkShape(data); err != nil {
		return nil, err
	}
	inner, err := hdrhistogram.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("histogram: %w", err)
	}
	if inner.TotalCount() < 0 {
		return nil, errForeign
	}
	h := &Histogram{h: hdrhistogram.New(lowest, highest, significant)}
	if h.h.Merge(inner) > 0 {
		return nil, errForeign
	}
	if h.Count() > 0 {
		h.min, h.max, h.sum = inner.Min(), inner.Max(), inner.Mean()*float64(h.Count())
	}
	return h, nil
}

// checkShape refuses histograms of another shape, and ones that inflate to more than any of ours.
func checkShape(data []byte) error {
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(data)))
	n, err := base64.StdEncoding.Decode(raw, data)
	if err != nil || n < 8 {
		return errForeign
	}
	inflate, err := zlib.NewReader(bytes.NewReader(raw[8:n]))
	if err != nil {
		return errForeign
	}
	payload, err := io.ReadAll(io.LimitReader(inflate, inflatedMost+1))
	if err != nil || len(payload) > inflatedMost || len(payload) < hdrhistogram.ENCODING_HEADER_SIZE {
		return errForeign
	}
	var header struct {
		Cookie, Length, Offset, Digits int32
		Lowest, Highest                int64
		Ratio                          float64
	}
	if err := binary.Read(bytes.NewReader(payload), binary.BigEndian, &header); err != nil {
		return errForeign
	}
	if header.Digits != significant || header.Lowest != lowest || header.Highest != highest {
		return errForeign
	}
	return nil
}

// MarshalJSON writes the histogram as a text.
func (h *Histogram) MarshalJSON() ([]byte, error) { return json.Marshal(string(h.Pack())) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (h *Histogram) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return errForeign
	}
	got, err := Unpack([]byte(text))
	if err != nil {
		return err
	}
	*h = *got
	return nil
}
