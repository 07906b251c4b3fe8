package embedded

import (
	"encoding/binary"
	"hash/crc32"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// kfake does not implement message.timestamp.type=LogAppendTime. To provide it, record batches are stamped with
// the broker's time when they are received, and the response reports it. (The timestamp-type attribute would make
// kfake write a time into the batch itself, and invalidate the checksum.)
// Format: https://kafka.apache.org/documentation/#recordbatch

const (
	batchHeader   = 61
	logAppendTime = 1 << 3
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// stamper stamps the records of one connection.
type stamper struct {
	mu      sync.Mutex
	pending map[int32]stamp // by correlation
}

type stamp struct {
	version int16
	ms      int64
}

// request stamps every record batch of a produce request in place. Malformed requests are left to kfake to reject.
func (s *stamper) request(frame []byte, version int16) {
	r := kbin.Reader{Src: frame[frameHeader:]}
	correlation := r.Int32()
	r.NullableString() // client id
	req := kmsg.NewPtrProduceRequest()
	req.Version = version
	if req.IsFlexible() {
		kmsg.SkipTags(&r)
	}
	if !r.Ok() || req.ReadFrom(r.Src) != nil {
		return
	}
	now := time.Now().UnixMilli()
	for _, t := range req.Topics {
		for _, p := range t.Partitions {
			stampBatch(p.Records, now) // part of frame
		}
	}
	if req.Acks != 0 {
		s.expect(correlation, stamp{version: version, ms: now})
	}
}

// answer writes the stamp into the response to a stamped request, and returns all others unchanged.
func (s *stamper) answer(frame []byte) []byte {
	if len(frame) < frameHeader {
		return frame
	}
	st, ok := s.take(int32(binary.BigEndian.Uint32(frame[4:])))
	if !ok {
		return frame
	}
	res := kmsg.NewPtrProduceResponse()
	res.Version = st.version
	body := frameHeader
	if res.IsFlexible() {
		body++ // no tags
	}
	if len(frame) < body || res.ReadFrom(frame[body:]) != nil {
		return frame
	}
	for i := range res.Topics {
		for j := range res.Topics[i].Partitions {
			if p := &res.Topics[i].Partitions[j]; p.ErrorCode == 0 {
				p.LogAppendTime = st.ms
			}
		}
	}
	out := res.AppendTo(append([]byte(nil), frame[:body]...))
	binary.BigEndian.PutUint32(out, uint32(len(out)-4))
	return out
}

func (s *stamper) expect(correlation int32, st stamp) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending == nil {
		s.pending = map[int32]stamp{}
	}
	s.pending[correlation] = st
}

func (s *stamper) take(correlation int32) (stamp, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, ok := s.pending[correlation]
	delete(s.pending, correlation)
	return st, ok
}

// stampBatch gives a record batch a time, in milliseconds. A damaged batch stays damaged; one that must not be decompressed
// is marked with an invalid compression, which kfake rejects.
func stampBatch(b []byte, ms int64) {
	be := binary.BigEndian
	if len(b) < batchHeader || b[16] != 2 || be.Uint32(b[17:]) != crc32.Checksum(b[21:], castagnoli) {
		return
	}
	if unpackable(b) != nil {
		be.PutUint16(b[21:], be.Uint16(b[21:])|compression)
	}
	span := max(int64(be.Uint64(b[35:]))-int64(be.Uint64(b[27:])), 0) // the records keep their distance from the first
	be.PutUint16(b[21:], be.Uint16(b[21:])&^logAppendTime)
	be.PutUint64(b[27:], uint64(ms-span))
	be.PutUint64(b[35:], uint64(ms))
	be.PutUint32(b[17:], crc32.Checksum(b[21:], castagnoli))
}
