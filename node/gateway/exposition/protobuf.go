package exposition

import (
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Protobuf encodes the set as length-delimited messages of io.prometheus.client.MetricFamily
// (https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto). The field numbers are
// those of that file.
func (s *Set) Protobuf() []byte {
	var b []byte
	for _, f := range s.sorted() {
		b = protowire.AppendBytes(b, f.message())
	}
	return b
}

func (f *family) message() []byte {
	b := text(nil, 1, f.desc.Name)
	b = text(b, 2, f.desc.Help)
	b = protowire.AppendVarint(protowire.AppendTag(b, 3, protowire.VarintType), uint64(f.kind))
	for _, x := range f.samples {
		b = message(b, 4, f.metric(x))
	}
	return b
}

func (f *family) metric(x sample) []byte {
	var b []byte
	for i, name := range f.desc.Labels {
		b = message(b, 1, text(text(nil, 1, name), 2, x.labels[i]))
	}
	switch f.kind {
	case gauge:
		return message(b, 2, double(nil, 1, x.value))
	case counter:
		return message(b, 3, double(nil, 1, x.value))
	case summary:
		return message(b, 4, x.summary())
	}
	return message(b, 7, x.native.message())
}

func (x sample) summary() []byte {
	b := double(unsigned(nil, 1, x.count), 2, x.value)
	for _, q := range x.quantiles {
		b = message(b, 3, double(double(nil, 1, q.Quantile), 2, q.Value))
	}
	return b
}

// zeroThreshold is the width of the bucket around 0 that Prometheus's own library has by default: 2^-128.
const zeroThreshold = 2.938735877055719e-39

func (n *Native) message() []byte {
	b := double(unsigned(nil, 1, n.Count), 2, n.Sum)
	b = signed(b, 5, int64(n.Schema))
	b = double(b, 6, zeroThreshold)
	b = unsigned(b, 7, 0)
	spans, deltas := n.spans()
	for _, s := range spans {
		b = message(b, 12, unsigned(signed(nil, 1, int64(s.offset)), 2, uint64(s.length)))
	}
	for _, d := range deltas {
		b = signed(b, 13, d)
	}
	return b
}

// span is a sequence of adjacent buckets; offset counts from the end of the span before, or from bucket 0.
type span struct{ offset, length int }

// spans returns the buckets that are not empty, and the difference of each from the one before.
func (n *Native) spans() (spans []span, deltas []int64) {
	next, before := 0, int64(0)
	for _, i := range slices.Sorted(maps.Keys(n.Buckets)) {
		if len(spans) == 0 || i > next {
			spans = append(spans, span{offset: i - next})
		}
		spans[len(spans)-1].length++
		deltas = append(deltas, n.Buckets[i]-before)
		next, before = i+1, n.Buckets[i]
	}
	if len(spans) == 0 { // an empty span still marks the histogram as a native one
		spans = []span{{}}
	}
	return spans, deltas
}

func text(b []byte, field protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
}

func message(b []byte, field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), m)
}

func double(b []byte, field protowire.Number, v float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, field, protowire.Fixed64Type), math.Float64bits(v))
}

func unsigned(b []byte, field protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
}

func signed(b []byte, field protowire.Number, v int64) []byte {
	return unsigned(b, field, protowire.EncodeZigZag(v))
}
