package fleet

import (
	"encoding/binary"
	"maps"
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/condition"
)

// A packed second is a sequence of variable-length numbers: a bit set of the figures that are not zero, these figures, why a driver
// was the limit, the bands of latency, the maps of counts, the histogram, and the parts in the same form. Recurring texts are stored
// as indexes into a list that all seconds of a run share.

// scalars is the number of numeric figures of an interval.
const scalars = 26

func (i *Interval) scalars() [scalars]int64 {
	d := &i.Delta
	return [...]int64{
		d.Requests, d.Responses, d.Unexpected, d.Dropped, d.BytesWritten, d.BytesRead, d.Handshakes, d.Connects, d.Retried, d.Aside,
		d.Iterations, d.IterationsFailed, d.IterationsInterrupted, d.BodiesCut,
		i.Asked, int64(i.Expected), int64(i.Present), i.P50US, i.P95US, i.P99US, i.LagP99US, int64(i.InFlight), int64(i.Users), i.Checks, i.BadChecks, int64(i.Open),
	}
}

func (i *Interval) setScalars(v [scalars]int64) {
	i.Delta = loadgen.Counts{
		Requests: v[0], Responses: v[1], Unexpected: v[2], Dropped: v[3], BytesWritten: v[4], BytesRead: v[5], Handshakes: v[6], Connects: v[7], Retried: v[8], Aside: v[9],
		Iterations: v[10], IterationsFailed: v[11], IterationsInterrupted: v[12], BodiesCut: v[13],
	}
	i.Asked, i.Expected, i.Present = v[14], int(v[15]), int(v[16])
	i.P50US, i.P95US, i.P99US, i.LagP99US = v[17], v[18], v[19], v[20]
	i.InFlight, i.Users, i.Checks, i.BadChecks, i.Open = int(v[21]), int(v[22]), v[23], v[24], int(v[25])
}

// partScalars is the number of numeric figures of a part.
const partScalars = 11

func (p *Part) scalars() [partScalars]int64 {
	return [...]int64{p.Requests, p.Errors, p.Unexpected, p.Dropped, p.P50US, p.P95US, p.P99US, p.Checks, p.BadChecks, p.Users, p.Started}
}

func (p *Part) setScalars(v [partScalars]int64) {
	p.Requests, p.Errors, p.Unexpected, p.Dropped, p.P50US, p.P95US, p.P99US, p.Checks, p.BadChecks = v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]
	p.Users, p.Started = v[9], v[10]
}

// pack encodes an interval.
func (s *Intervals) pack(i *Interval) string {
	v := i.scalars()
	b := appendFigures(make([]byte, 0, 256), v[:])
	b = s.words.append(b, i.Limited)
	first, end := i.Heat.span()
	b = append(b, byte(first), byte(end))
	for _, n := range i.Heat[first:end] {
		b = binary.AppendUvarint(b, uint64(n))
	}
	b = appendCounts(b, &s.words, i.Delta.Statuses)
	b = appendCounts(b, &s.words, i.Delta.Errors)
	b = appendCounts(b, &s.words, i.Delta.UnexpectedBy)
	if i.live != nil {
		i.packed = i.live.Pack()
	}
	b = appendBytes(b, i.packed)
	for l, p := range i.Parts {
		b = s.words.append(s.words.append(b, l.Name), l.Value)
		if p.live != nil {
			p.packed = p.live.Pack()
		}
		v := p.scalars()
		b = appendBytes(appendFigures(b, v[:]), p.packed)
	}
	return string(b)
}

// unpack decodes packed interval n into i, and reuses the memory of i.
func (s *Intervals) unpack(n int, i *Interval, parts selection) {
	r := unpacker{s.packed[n], &s.words}
	var v [scalars]int64
	r.figures(v[:])
	statuses, errors, by := i.Delta.Statuses, i.Delta.Errors, i.Delta.UnexpectedBy
	i.setScalars(v)
	i.Limited = r.word()
	first, end := r.byte(), r.byte()
	i.Heat = Heat{}
	for band := range i.Heat[first:end] {
		i.Heat[int(first)+band] = uint32(r.uvarint())
	}
	i.Parts, i.packed = nil, nil
	if !parts.maps && len(parts.labels) == 0 {
		return
	}
	i.Delta.Statuses, i.Delta.Errors, i.Delta.UnexpectedBy = counts(&r, statuses), counts(&r, errors), counts(&r, by)
	i.packed = r.bytes()
	i.Parts = Parts{}
	for len(r.rest) > 0 {
		r.part(i.Parts, parts)
	}
}

func (r *unpacker) part(into Parts, parts selection) {
	l := condition.Label{Name: r.word(), Value: r.word()}
	var v [partScalars]int64
	r.figures(v[:])
	packed := r.bytes()
	if parts.everything || slices.Contains(parts.labels, l) {
		p := &Part{packed: packed}
		p.setScalars(v)
		into[l] = p
	}
}

// span returns the range of bands that have responses.
func (h *Heat) span() (first, end int) {
	for end = len(h); end > 0 && h[end-1] == 0; end-- {
	}
	for first < end && h[first] == 0 {
		first++
	}
	return first, end
}

// appendFigures appends a bit set of the figures that are not zero, and these figures.
func appendFigures(b []byte, list []int64) []byte {
	var some uint64
	for n, v := range list {
		if v != 0 {
			some |= 1 << n
		}
	}
	b = binary.AppendUvarint(b, some)
	for _, v := range list {
		if v != 0 {
			b = binary.AppendVarint(b, v)
		}
	}
	return b
}

func appendBytes(b, data []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(data))), data...)
}

func appendCounts[K ~string](b []byte, w *words, counts map[K]int64) []byte {
	b = binary.AppendUvarint(b, uint64(len(counts)))
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		b = binary.AppendVarint(w.append(b, string(k)), counts[k])
	}
	return b
}

// maxWords is the number of texts that get an index; further ones are written out.
const maxWords = 1000

// words assigns indexes to texts, from 1.
type words struct {
	list   []string
	number map[string]uint64
}

func (w *words) append(b []byte, text string) []byte {
	n := w.number[text]
	if n == 0 && len(w.list) < maxWords {
		if w.number == nil {
			w.number = map[string]uint64{}
		}
		w.list = append(w.list, text)
		n = uint64(len(w.list))
		w.number[text] = n
	}
	b = binary.AppendUvarint(b, n)
	if n == 0 {
		b = appendBytes(b, []byte(text))
	}
	return b
}

// unpacker decodes the output of pack, which is never truncated.
type unpacker struct {
	rest  string
	words *words
}

func (r *unpacker) byte() (b byte) {
	b, r.rest = r.rest[0], r.rest[1:]
	return b
}

func (r *unpacker) uvarint() (v uint64) {
	for shift := 0; ; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

func (r *unpacker) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (r *unpacker) text() (s string) {
	n := r.uvarint()
	s, r.rest = r.rest[:n], r.rest[n:]
	return s
}

// bytes returns a packed histogram; nil: there is none.
func (r *unpacker) bytes() []byte {
	if s := r.text(); s != "" {
		return []byte(s)
	}
	return nil
}

func (r *unpacker) word() string {
	if n := r.uvarint(); n > 0 {
		return r.words.list[n-1]
	}
	return r.text()
}

func (r *unpacker) figures(into []int64) {
	some := r.uvarint()
	for n := range into {
		if some&(1<<n) != 0 {
			into[n] = r.varint()
		}
	}
}

// counts reads a map of counts into a map that is reused; nil: there are none.
func counts[K ~string](r *unpacker, into map[K]int64) map[K]int64 {
	clear(into)
	n := r.uvarint()
	if into == nil && n > 0 {
		into = make(map[K]int64, n)
	}
	for range n {
		into[K(r.word())] = r.varint()
	}
	return into
}
